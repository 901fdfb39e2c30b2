import type { Message } from "../fakes/event-stream.ts";
import { emptyReading, parsedInput, type ReadError, type Reading, type Usage } from "./reading.ts";
import { at, isObject, type Json, type JsonObject } from "./recordings.ts";

/** A whole Converse answer. */
export function readConverse(body: Json): Reading {
  const out = { ...emptyReading(), ended: true };
  for (const block of at.list(at.object(at.object(body, "output"), "message"), "content")) takeBlock(out, block);
  out.finish = at.text(body, "stopReason") ?? null;
  out.usage = converseUsage(at.object(body, "usage"));
  return out;
}

function takeBlock(out: Reading, block: Json): void {
  out.text += at.text(block, "text") ?? "";
  const cited = at.object(block, "citationsContent");
  for (const part of at.list(cited, "content")) out.text += at.text(part, "text") ?? "";
  out.citations += at.list(cited, "citations").length;
  const thinking = at.object(block, "reasoningContent");
  const reasoningText = at.object(thinking, "reasoningText");
  out.reasoning += at.text(reasoningText, "text") ?? "";
  const signature = at.text(reasoningText, "signature");
  if (signature) out.signatures.push(signature);
  const redacted = at.text(thinking, "redactedContent");
  if (redacted !== undefined) out.redacted.push(redacted);
  const call = at.object(block, "toolUse");
  if (call && at.text(call, "type") !== "server_tool_use") {
    out.calls.push({
      id: at.text(call, "toolUseId") ?? "",
      name: at.text(call, "name") ?? "",
      input: call["input"] ?? {},
    });
  }
}

type OpenBlock = {
  call?: { id: string; name: string; text: string };
  server?: boolean;
  signature: string;
  redacted: Buffer[];
};

/** The messages of a ConverseStream. */
export function readConverseMessages(list: readonly Message[]): Reading {
  const out = emptyReading();
  const blocks = new Map<number, OpenBlock>();
  for (const { headers, payload } of list) {
    const data = payloadOf(payload);
    if (headers[":message-type"] !== "event") {
      out.error = readException(headers, data);
      continue;
    }
    const index = at.number(data, "contentBlockIndex") ?? -1;
    const block = blocks.get(index) ?? { signature: "", redacted: [] };
    switch (headers[":event-type"]) {
      case "contentBlockStart": {
        const call = at.object(at.object(data, "start"), "toolUse");
        if (call && at.text(call, "type") !== "server_tool_use") {
          block.call = { id: at.text(call, "toolUseId") ?? "", name: at.text(call, "name") ?? "", text: "" };
        }
        blocks.set(index, block);
        break;
      }
      case "contentBlockDelta":
        takeDelta(out, block, at.object(data, "delta") ?? {});
        blocks.set(index, block);
        break;
      case "messageStop":
        out.finish = at.text(data, "stopReason") ?? null;
        out.ended = true;
        break;
      case "metadata":
        out.usage = converseUsage(at.object(data, "usage"));
        break;
    }
  }
  for (const { call, signature, redacted } of blocks.values()) {
    if (call) out.calls.push({ id: call.id, name: call.name, input: parsedInput(call.text) });
    if (signature !== "") out.signatures.push(signature);
    if (redacted.length > 0) out.redacted.push(Buffer.concat(redacted).toString("base64"));
  }
  return out;
}

function takeDelta(out: Reading, block: OpenBlock, delta: JsonObject): void {
  out.text += at.text(delta, "text") ?? "";
  const thinking = at.object(delta, "reasoningContent");
  out.reasoning += at.text(thinking, "text") ?? "";
  block.signature += at.text(thinking, "signature") ?? "";
  const redacted = at.text(thinking, "redactedContent");
  if (redacted !== undefined) block.redacted.push(Buffer.from(redacted, "base64"));
  if (block.call) block.call.text += at.text(at.object(delta, "toolUse"), "input") ?? "";
  if (at.object(delta, "citation")) out.citations += 1;
}

/** An exception in mid-stream, as its headers and payload say it. */
export function readException(headers: Record<string, string>, data: Json): ReadError {
  return {
    type: headers[":exception-type"] ?? headers[":error-code"],
    code: undefined,
    message: at.text(data, "message") ?? at.text(data, "Message") ?? headers[":error-message"] ?? "",
    param: undefined,
  };
}

export function payloadOf(payload: Uint8Array): Json {
  return payload.length === 0 ? null : JSON.parse(Buffer.from(payload).toString("utf8"));
}

function converseUsage(usage: JsonObject | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined;
  return {
    input: at.number(usage, "inputTokens") ?? 0,
    output: at.number(usage, "outputTokens") ?? 0,
    cacheRead: at.number(usage, "cacheReadInputTokens") ?? 0,
    cacheWrite: at.number(usage, "cacheWriteInputTokens") ?? 0,
    reasoning: 0,
  };
}
