import { isObject, type Json, type JsonObject } from "../../core/json.ts";

/** Tokens of one answer, as OpenAI counts them: `input` includes what came from the cache. */
export type TokenUsage = { input: number; output: number; cached?: number };

/** What happens while an answer comes, whoever gives it. */
export type AnswerEvent =
  | { type: "start"; id: string; model: string; created: number }
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | { type: "refusal"; text: string }
  /** Signed reasoning that has to be sent back with the tool results. */
  | { type: "thinking"; blocks: readonly Json[] }
  | { type: "tool-call"; index: number; id?: string; name?: string; input?: string }
  | { type: "usage"; usage: TokenUsage }
  | { type: "finish"; reason: string };

/** Reads one chunk of a stream, or a whole completion: both hold the same fields, in `delta` or `message`. */
export class ChunkReader {
  #started = false;

  read(chunk: unknown, out: AnswerEvent[]): void {
    if (!isObject(chunk)) return;
    if (!this.#started) {
      this.#started = true;
      out.push({
        type: "start",
        id: text(chunk["id"]),
        model: text(chunk["model"]),
        created: typeof chunk["created"] === "number" ? chunk["created"] : 0,
      });
    }
    const choices = chunk["choices"];
    const choice = Array.isArray(choices) ? choices[0] : undefined;
    if (isObject(choice)) readChoice(choice, out);
    if (isObject(chunk["usage"])) out.push({ type: "usage", usage: usageOf(chunk["usage"]) });
  }
}

function readChoice(choice: JsonObject, out: AnswerEvent[]): void {
  const part = choice["delta"] ?? choice["message"];
  if (isObject(part)) readPart(part, out);
  if (typeof choice["finish_reason"] === "string") out.push({ type: "finish", reason: choice["finish_reason"] });
}

function readPart(part: JsonObject, out: AnswerEvent[]): void {
  const reasoning = text(part["reasoning_content"]) || text(part["reasoning"]);
  if (reasoning !== "") out.push({ type: "reasoning", text: reasoning });
  const thinking = part["thinking_blocks"];
  if (Array.isArray(thinking) && thinking.length > 0) out.push({ type: "thinking", blocks: thinking });
  const content = text(part["content"]);
  if (content !== "") out.push({ type: "text", text: content });
  const refusal = text(part["refusal"]);
  if (refusal !== "") out.push({ type: "refusal", text: refusal });
  const calls = part["tool_calls"];
  if (!Array.isArray(calls)) return;
  for (const [at, call] of calls.entries()) {
    if (!isObject(call)) continue;
    const inner = isObject(call["function"]) ? call["function"] : isObject(call["custom"]) ? call["custom"] : {};
    const input = inner["arguments"] ?? inner["input"];
    out.push({
      type: "tool-call",
      index: typeof call["index"] === "number" ? call["index"] : at,
      ...(typeof call["id"] === "string" && { id: call["id"] }),
      ...(typeof inner["name"] === "string" && { name: inner["name"] }),
      ...(typeof input === "string" && { input }),
    });
  }
}

function usageOf(usage: JsonObject): TokenUsage {
  const details = usage["prompt_tokens_details"];
  const cached = isObject(details) ? details["cached_tokens"] : undefined;
  return {
    input: count(usage["prompt_tokens"]),
    output: count(usage["completion_tokens"]),
    ...(typeof cached === "number" && cached > 0 && { cached }),
  };
}

function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
