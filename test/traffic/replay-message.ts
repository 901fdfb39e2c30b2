/** The assistant's message as a client keeps it from an answer, to send it back with its next question. */
import type { SseEvent } from "./sse.ts";
import { at, isObject, type Json, type JsonObject } from "./recordings.ts";

/** Of a whole Chat Completions answer. */
export function openaiMessage(body: Json): JsonObject {
  const message = at.object(at.list(body, "choices")[0], "message") ?? {};
  return { ...message, role: "assistant" };
}

/** Of a Chat Completions stream: what a client glues together that knows of the extensions. */
export function openaiStreamMessage(events: readonly SseEvent[]): JsonObject {
  let content = "";
  const thinking: Json[] = [];
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  for (const { data } of events) {
    const delta = data === "[DONE]" ? undefined : at.object(at.list(JSON.parse(data), "choices")[0], "delta");
    if (delta === undefined) continue;
    content += at.text(delta, "content") ?? "";
    thinking.push(...at.list(delta, "thinking_blocks"));
    for (const call of at.list(delta, "tool_calls")) {
      const made = (calls[at.number(call, "index") ?? 0] ??= {
        id: "",
        type: "function",
        function: { name: "", arguments: "" },
      });
      made.id ||= at.text(call, "id") ?? "";
      const named = at.object(call, "function");
      made.function.name ||= at.text(named, "name") ?? "";
      made.function.arguments += at.text(named, "arguments") ?? "";
    }
  }
  return {
    role: "assistant",
    content: content === "" ? null : content,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(thinking.length > 0 && { thinking_blocks: thinking }),
  };
}

/** Of a whole Messages answer. */
export function claudeMessage(body: Json): JsonObject {
  return { role: "assistant", content: at.list(body, "content") };
}

/** Of a Messages stream. */
export function claudeStreamMessage(payloads: readonly Json[]): JsonObject {
  const blocks: JsonObject[] = [];
  const inputs: string[] = [];
  for (const event of payloads) {
    const index = at.number(event, "index") ?? 0;
    const start = at.object(event, "content_block");
    if (start) blocks[index] = { ...start };
    const block = blocks[index];
    const delta = at.object(event, "delta");
    if (at.text(event, "type") !== "content_block_delta" || !block || !delta) continue;
    for (const key of ["text", "thinking", "signature"] as const)
      if (typeof delta[key] === "string") block[key] = `${at.text(block, key) ?? ""}${delta[key]}`;
    inputs[index] = `${inputs[index] ?? ""}${at.text(delta, "partial_json") ?? ""}`;
  }
  for (const [index, text] of inputs.entries()) {
    const block = blocks[index];
    if (text && block) block["input"] = isObject(JSON.parse(text)) ? JSON.parse(text) : {};
  }
  return { role: "assistant", content: blocks };
}
