import { emptyReading, parsedInput, type ReadError, type Reading, type Usage } from "./reading.ts";
import { at, isObject, type Json, type JsonObject } from "./recordings.ts";
import type { SseEvent } from "./sse.ts";

/** A whole Anthropic message. */
export function readClaude(body: Json): Reading {
  const out = { ...emptyReading(), ended: true, error: readError(body) };
  if (out.error) return out;
  for (const block of at.list(body, "content")) take(out, block, undefined);
  out.finish = at.text(body, "stop_reason") ?? null;
  out.guarded = guarded(body);
  out.usage = claudeUsage(at.object(body, "usage"));
  if (at.text(body, "type") !== "message") out.faults.push("type");
  return out;
}

/** `input` is a streamed tool call's collected JSON. */
function take(out: Reading, block: Json, input: string | undefined): void {
  const type = at.text(block, "type");
  if (type === "text") {
    out.text += at.text(block, "text") ?? "";
    out.citations += at.list(block, "citations").length;
  } else if (type === "thinking") {
    out.reasoning += at.text(block, "thinking") ?? "";
    const signature = at.text(block, "signature");
    if (signature) out.signatures.push(signature);
  } else if (type === "redacted_thinking") out.redacted.push(at.text(block, "data") ?? "");
  else if (type === "tool_use") {
    const given = input === undefined || input === "" ? (at.object(block, "input") ?? {}) : parsedInput(input);
    out.calls.push({ id: at.text(block, "id") ?? "", name: at.text(block, "name") ?? "", input: given });
  }
}

/** The JSON events of a Claude stream, in order. */
export function readClaudeEvents(events: readonly Json[]): Reading {
  const out = emptyReading();
  let usage: JsonObject | undefined;
  let open: { index: number; block: JsonObject; input: string } | undefined;
  let next = 0;
  for (const event of events) {
    const type = at.text(event, "type");
    if (out.ended) out.faults.push("an event after message_stop");
    if (out.error) out.faults.push("an event after the error");
    out.guarded ||= guarded(event);
    const index = at.number(event, "index");
    if (type === "error") out.error = readError(event);
    else if (type === "message_start") usage = { ...at.object(at.object(event, "message"), "usage") };
    else if (type === "content_block_start") {
      if (open) out.faults.push("a block opens inside another");
      if (index !== next) out.faults.push(`block index ${index}, expected ${next}`);
      next += 1;
      open = { index: index ?? -1, block: { ...at.object(event, "content_block") }, input: "" };
    } else if (type === "content_block_delta") {
      if (!open || open.index !== index) out.faults.push("a delta outside its block");
      else grow(open, at.object(event, "delta") ?? {});
    } else if (type === "content_block_stop") {
      if (!open || open.index !== index) out.faults.push("a stop outside its block");
      else take(out, open.block, open.input);
      open = undefined;
    } else if (type === "message_delta") {
      if (out.finish !== null) out.faults.push("two message_delta");
      out.finish = at.text(at.object(event, "delta"), "stop_reason") ?? null;
      usage = merged(usage, at.object(event, "usage"));
    } else if (type === "message_stop") {
      out.ended = true;
      usage ??= {};
      const metrics = at.object(event, "amazon-bedrock-invocationMetrics");
      out.usage = claudeUsage(usage);
      if (out.usage && metrics && !out.usage.output) out.usage.output = at.number(metrics, "outputTokenCount") ?? 0;
    }
  }
  if (open) take(out, open.block, open.input);
  out.usage ??= claudeUsage(usage);
  return out;
}

function grow(open: { block: JsonObject; input: string }, delta: JsonObject): void {
  const append = (key: string, text: string | undefined): void => {
    if (text !== undefined) open.block[key] = (at.text(open.block, key) ?? "") + text;
  };
  append("text", at.text(delta, "text"));
  append("thinking", at.text(delta, "thinking"));
  append("signature", at.text(delta, "signature"));
  open.input += at.text(delta, "partial_json") ?? "";
  const citation = at.object(delta, "citation");
  if (citation) open.block["citations"] = [...at.list(open.block, "citations"), citation];
}

/** Counts of message_delta are cumulative and win. */
function merged(before: JsonObject | undefined, after: JsonObject | undefined): JsonObject {
  const out: JsonObject = { ...before };
  for (const [key, value] of Object.entries(after ?? {})) if (value !== null) out[key] = value;
  return out;
}

export function claudeUsage(usage: JsonObject | undefined): Usage | undefined {
  const input = at.number(usage, "input_tokens");
  if (input === undefined) return undefined;
  return {
    input,
    output: at.number(usage, "output_tokens") ?? 0,
    cacheRead: at.number(usage, "cache_read_input_tokens") ?? 0,
    cacheWrite: at.number(usage, "cache_creation_input_tokens") ?? 0,
    reasoning: at.number(at.object(usage, "output_tokens_details"), "thinking_tokens") ?? 0,
  };
}

function guarded(value: Json): boolean {
  return at.text(value, "amazon-bedrock-guardrailAction") === "INTERVENED";
}

function readError(body: Json): ReadError | undefined {
  if (at.text(body, "type") !== "error") return undefined;
  const error = at.object(body, "error");
  return { type: at.text(error, "type"), code: undefined, message: at.text(error, "message") ?? "", param: undefined };
}

export function claudeFaults(body: Json, model: string): string[] {
  const faults: string[] = [];
  if (!/^msg_./.test(at.text(body, "id") ?? "")) faults.push("id");
  if (at.text(body, "role") !== "assistant") faults.push("role");
  if (at.text(body, "model") !== model) faults.push(`model ${at.text(body, "model")}`);
  if (!isObject(body) || !("stop_sequence" in body)) faults.push("no stop_sequence key");
  for (const block of at.list(body, "content")) {
    if (at.text(block, "type") === "text" && at.text(block, "text") === "") faults.push("an empty text block");
  }
  return faults;
}

export function claudeStreamFaults(events: readonly SseEvent[], model: string): string[] {
  const faults: string[] = [];
  for (const { event, data } of events) {
    if (event !== at.text(JSON.parse(data), "type")) faults.push(`event: ${event} over ${data.slice(0, 40)}`);
  }
  const start: Json = events[0] ? JSON.parse(events[0].data) : null;
  if (at.text(start, "type") !== "message_start") faults.push("no message_start first");
  if (at.text(at.object(start, "message"), "model") !== model) faults.push("model");
  return faults;
}
