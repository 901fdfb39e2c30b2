import { emptyReading, parsedInput, type ReadError, type Reading, type Usage } from "./reading.ts";
import { at, isObject, type Json, type JsonObject } from "./recordings.ts";
import type { SseEvent } from "./sse.ts";

/** A whole Chat Completions answer (its first choice). */
export function readOpenAI(body: Json): Reading {
  const out = { ...emptyReading(), ended: true, error: readError(body) };
  if (out.error) return out;
  const choice = at.list(body, "choices")[0] ?? null;
  const message = at.object(choice, "message");
  if (!message) out.faults.push("no message");
  take(out, message ?? {});
  for (const call of at.list(message, "tool_calls")) out.calls.push(readCall(call));
  const legacy = at.object(message, "function_call");
  if (legacy) out.calls.push(readCall({ id: "", function: legacy }));
  out.finish = at.text(choice, "finish_reason") ?? null;
  out.usage = openaiUsage(at.object(body, "usage"));
  return out;
}

function take(out: Reading, message: JsonObject): void {
  out.text += at.text(message, "content") ?? at.text(at.object(message, "audio"), "transcript") ?? "";
  out.reasoning += at.text(message, "reasoning_content") ?? at.text(message, "reasoning") ?? "";
  out.refusal += at.text(message, "refusal") ?? "";
  out.citations += at.list(message, "annotations").length + at.list(message, "citations").length;
  for (const block of at.list(message, "thinking_blocks")) {
    const signature = at.text(block, "signature");
    const data = at.text(block, "data");
    if (signature) out.signatures.push(signature);
    if (data !== undefined) out.redacted.push(data);
  }
}

function readCall(call: Json): Reading["calls"][number] {
  const custom = at.object(call, "custom");
  const named = at.object(call, "function") ?? custom;
  const input = custom ? { input: at.text(custom, "input") ?? "" } : parsedInput(at.text(named, "arguments") ?? "");
  return { id: at.text(call, "id") ?? "", name: at.text(named, "name") ?? "", input };
}

/** The events of a Chat Completions stream. */
export function readOpenAIStream(events: readonly SseEvent[]): Reading {
  const out = emptyReading();
  const calls = new Map<number, { id: string; name: string; text: string; custom: boolean }>();
  const ids = new Set<string>();
  for (const { data } of events) {
    if (out.ended) out.faults.push("an event after [DONE]");
    if (out.error) out.faults.push("an event after the error");
    if (data === "[DONE]") {
      out.ended = true;
      continue;
    }
    const chunk = parsed(data);
    if (chunk === undefined) {
      out.faults.push("an event that is no JSON");
      continue;
    }
    out.error = readError(chunk);
    if (out.error) continue;
    ids.add(`${at.text(chunk, "id")} ${at.number(chunk, "created")}`);
    out.usage = openaiUsage(at.object(chunk, "usage")) ?? out.usage;
    const choice = at.list(chunk, "choices").find((c) => at.number(c, "index") === 0);
    if (choice === undefined) continue;
    const delta = at.object(choice, "delta") ?? {};
    if (out.finish !== null && Object.keys(delta).some((key) => key !== "role" && delta[key]))
      out.faults.push("a delta after the finish");
    take(out, delta);
    const legacy = at.object(delta, "function_call");
    if (legacy) collect(calls, 0, { function: legacy });
    for (const call of at.list(delta, "tool_calls")) collect(calls, at.number(call, "index") ?? -1, call);
    const finish = at.text(choice, "finish_reason");
    if (finish !== undefined && finish !== "") {
      if (out.finish !== null) out.faults.push("two finish reasons");
      out.finish = finish;
    }
  }
  if (ids.size > 1) out.faults.push("id or created changes");
  const order = [...calls.keys()];
  if (order.some((index, n) => index !== n)) out.faults.push(`tool indices ${order.join()}`);
  for (const call of calls.values()) {
    const input = call.custom ? { input: call.text } : parsedInput(call.text);
    out.calls.push({ id: call.id, name: call.name, input });
  }
  return out;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Collected = { id: string; name: string; text: string; custom: boolean };

function collect(calls: Map<number, Collected>, index: number, call: Json): void {
  const found = calls.get(index) ?? { id: "", name: "", text: "", custom: false };
  const custom = at.object(call, "custom");
  const named = at.object(call, "function") ?? custom;
  found.id = at.text(call, "id") ?? found.id;
  found.name = at.text(named, "name") ?? found.name;
  found.text += at.text(named, "arguments") ?? at.text(custom, "input") ?? "";
  if (custom) found.custom = true;
  calls.set(index, found);
}

export function openaiUsage(usage: JsonObject | undefined): Usage | undefined {
  const prompt = at.number(usage, "prompt_tokens");
  if (prompt === undefined) return undefined;
  const details = at.object(usage, "prompt_tokens_details");
  const cacheRead = at.number(details, "cached_tokens") ?? 0;
  const cacheWrite = at.number(details, "cache_write_tokens") ?? 0;
  return {
    input: prompt - cacheRead - cacheWrite,
    output: at.number(usage, "completion_tokens") ?? 0,
    cacheRead,
    cacheWrite,
    reasoning: at.number(at.object(usage, "completion_tokens_details"), "reasoning_tokens") ?? 0,
  };
}

function readError(body: Json): ReadError | undefined {
  const error = isObject(body) ? body["error"] : undefined;
  if (error === undefined || error === null) return undefined;
  return {
    type: at.text(error, "type"),
    code: at.text(error, "code"),
    message: at.text(error, "message") ?? "",
    param: at.text(error, "param"),
  };
}

/** What a translated answer must have beyond its meaning (mapping C.1, C.7): breaches, in words. */
export function openaiFaults(body: Json, model: string): string[] {
  const faults: string[] = [];
  const message = at.object(at.list(body, "choices")[0], "message");
  if (!/^chatcmpl-./.test(at.text(body, "id") ?? "")) faults.push("id");
  if (at.text(body, "object") !== "chat.completion") faults.push("object");
  if (at.number(body, "created") === undefined) faults.push("created");
  if (at.text(body, "model") !== model) faults.push(`model ${at.text(body, "model")}`);
  if (at.list(body, "choices").length !== 1) faults.push("choices");
  if (!isObject(message)) return [...faults, "message"];
  if (!("refusal" in message)) faults.push("no refusal key");
  if (!("content" in message)) faults.push("no content key");
  if (message["content"] === null && at.list(message, "tool_calls").length === 0 && !("function_call" in message)) {
    faults.push("content null without calls");
  }
  if (Array.isArray(message["tool_calls"]) && message["tool_calls"].length === 0) faults.push("empty tool_calls");
  const usage = at.object(body, "usage");
  if (
    usage &&
    at.number(usage, "total_tokens") !==
      (at.number(usage, "prompt_tokens") ?? 0) + (at.number(usage, "completion_tokens") ?? 0)
  ) {
    faults.push("total_tokens");
  }
  return faults;
}

/** The same for a translated stream. */
export function openaiStreamFaults(events: readonly SseEvent[], model: string, includeUsage: boolean): string[] {
  const faults: string[] = [];
  const chunks = events.filter((e) => e.data !== "[DONE]").map((e): Json => parsed(e.data) ?? null);
  const first = at.object(at.list(chunks[0], "choices")[0], "delta");
  if (at.text(first, "role") !== "assistant") faults.push("the first chunk has no role");
  for (const chunk of chunks) {
    if (isObject(chunk) && "error" in chunk) continue;
    if (at.text(chunk, "object") !== "chat.completion.chunk") faults.push("object");
    if (at.text(chunk, "model") !== model) faults.push(`model ${at.text(chunk, "model")}`);
  }
  const usageChunks = chunks.filter((c) => at.object(c, "usage") !== undefined);
  if (!includeUsage && usageChunks.length > 0) faults.push("usage that nobody asked for");
  for (const chunk of usageChunks) if (at.list(chunk, "choices").length > 0) faults.push("usage beside choices");
  return [...new Set(faults)];
}
