import type { Block, ChatRequest, Finish } from "../../core/chat.ts";
import { toolBlocks } from "./call-tool.ts";
import { faultOf } from "./failures.ts";
import { lorem } from "./lorem.ts";
import { sample } from "./sample.ts";
import { tokens } from "./tokens.ts";
import type { Wishes } from "./wishes.ts";
import { lastWords } from "./words.ts";

/** What a demo model says to a request: the same to the same. `seed` makes the ids. */
export function answer(request: ChatRequest, wishes: Wishes, seed: string): { content: Block[]; finish: Finish } {
  const content = contentOf(request, wishes, seed);
  if (content.some((block) => block.type === "tool-call")) return { content, finish: { reason: "tool-calls" } };
  return bounded(content, request);
}

function contentOf(request: ChatRequest, wishes: Wishes, seed: string): Block[] {
  const call = request.model === "demo-tools" ? toolBlocks(request, seed) : undefined;
  if (call?.some((block) => block.type === "tool-call")) return call;
  const format = request.responseFormat;
  if (format) {
    const value = format.type === "json_schema" ? sample(format.schema) : { answer: lastWords(request) };
    return [...thoughts(request), { type: "text", text: JSON.stringify(value) }];
  }
  if (call) return call;
  return [...thoughts(request), { type: "text", text: textOf(request, wishes) }];
}

function textOf(request: ChatRequest, { tokens: length }: Wishes): string {
  switch (request.model) {
    case "demo-echo":
      return lastWords(request) || "You sent no words for me to repeat.";
    case "demo-reasoning":
      return `You said: ${lastWords(request)}`;
    default:
      return lorem(length ?? (faultOf(request.model) ? 40 : undefined));
  }
}

function thoughts(request: ChatRequest): Block[] {
  if (request.model !== "demo-reasoning") return [];
  const count = lastWords(request).split(/\s+/).filter(Boolean).length;
  const text =
    `The user wrote ${count} ${count === 1 ? "word" : "words"}. A demo model knows nothing, ` +
    "so the honest answer is to repeat them. Say whose words they are.";
  return [{ type: "reasoning", text, signature: "ZGVtbw==" }];
}

/** Ends a text where the caller's limits end it: the first stop string, then the number of tokens. */
function bounded(content: Block[], { stop, maxTokens }: ChatRequest): { content: Block[]; finish: Finish } {
  let left = maxTokens ?? Number.POSITIVE_INFINITY;
  const kept: Block[] = [];
  for (const block of content) {
    if (block.type !== "text" && block.type !== "reasoning") {
      kept.push(block);
      continue;
    }
    const hit = block.type === "text" ? firstStop(block.text, stop ?? []) : undefined;
    const pieces = tokens(hit ? block.text.slice(0, hit.at) : block.text);
    if (pieces.length > left) {
      kept.push({ ...block, text: pieces.slice(0, left).join("") });
      return { content: kept, finish: { reason: "length" } };
    }
    left -= pieces.length;
    kept.push({ ...block, text: pieces.join("") });
    if (hit) return { content: kept, finish: { reason: "stop-sequence", sequence: hit.text } };
  }
  return { content: kept, finish: { reason: "stop" } };
}

function firstStop(text: string, stops: readonly string[]): { text: string; at: number } | undefined {
  return stops
    .filter((stop) => stop !== "")
    .map((stop) => ({ text: stop, at: text.indexOf(stop) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
}
