import type { Block, BlockOf, ChatRequest, Message } from "../../core/chat.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import type { OpenAIFacts } from "../../core/models/facts.ts";
import { cachePath } from "./cache.ts";
import { encodeParts } from "./encode-parts.ts";
import type { ToolNames } from "./tool-names.ts";

/** Stands in a tool message for media that only a user message can carry (mapping D.1.1). */
const seeBelow = "[see following user message]";

/** The hub's messages as OpenAI's: every tool result is a message of its own, right behind the call (mapping D.1.1). */
export function encodeMessages(
  request: ChatRequest,
  limits: OpenAIFacts,
  names: ToolNames,
  losses: LossList,
): JsonObject[] {
  const out: JsonObject[] = [];
  for (const message of request.messages) {
    switch (message.role) {
      case "system":
        system(message, limits, losses, out);
        break;
      case "assistant":
        assistant(message, limits, names, losses, out);
        break;
      case "user":
        user(message, limits, losses, out);
        break;
      default:
        message.role satisfies never;
    }
  }
  return out;
}

/** One message, texts joined by a blank line; parts only where a cache breakpoint has to stand (mapping D.1). */
function system(message: Message, limits: OpenAIFacts, losses: LossList, out: JsonObject[]): void {
  const parts = encodeParts(message.content, limits, losses);
  if (parts.length === 0) return;
  const texts = parts.map((part) => part["text"]);
  const simple =
    parts.every((part) => Object.keys(part).length === 2) && texts.every((text) => typeof text === "string");
  out.push({ role: limits.systemRole, content: simple ? texts.join("\n\n") : parts });
}

function user(message: Message, limits: OpenAIFacts, losses: LossList, out: JsonObject[]): void {
  const media: Block[] = [];
  const rest: Block[] = [];
  for (const block of message.content) {
    if (block.type === "tool-result") out.push(toolMessage(block, limits, losses, media));
    else rest.push(block);
  }
  const parts = encodeParts([...media, ...rest], limits, losses);
  if (parts.length > 0) out.push({ role: "user", content: contentOf(parts) });
}

function toolMessage(block: BlockOf<"tool-result">, limits: OpenAIFacts, losses: LossList, media: Block[]): JsonObject {
  const said: Block[] = [];
  let moved = false;
  for (const inner of block.content) {
    const bytes = inner.type === "media" && inner.source.kind !== "text" && inner.source.kind !== "blocks";
    moved ||= bytes;
    (bytes ? media : said).push(inner);
  }
  if (block.cache) losses.dropped(cachePath(block), "cache point on a tool result");
  const texts = encodeParts(said, limits, losses).map((part) => (typeof part["text"] === "string" ? part["text"] : ""));
  if (moved) texts.push(seeBelow);
  if (block.isError) texts[0] = `Error: ${texts[0] ?? ""}`;
  const content: Json = texts.length > 1 ? texts.map((text) => ({ type: "text", text })) : (texts[0] ?? "");
  return { role: "tool", tool_call_id: block.callId, content };
}

function assistant(message: Message, limits: OpenAIFacts, names: ToolNames, losses: LossList, out: JsonObject[]): void {
  const said: Block[] = [];
  const calls: JsonObject[] = [];
  for (const block of message.content) {
    if (block.type === "tool-call") {
      if (block.cache) losses.dropped(cachePath(block), "cache point on a tool call");
      calls.push(callOf(block, names));
    } else if (block.type === "reasoning") losses.dropped(block.at, "reasoning of history");
    else said.push(block);
  }
  const parts = encodeParts(said, limits, losses);
  if (parts.length === 0 && calls.length === 0) return;
  out.push({
    role: "assistant",
    content: parts.length > 0 ? contentOf(parts) : null,
    ...(calls.length > 0 && { tool_calls: calls }),
  });
}

function callOf(block: BlockOf<"tool-call">, names: ToolNames): JsonObject {
  const name = names.of(block.name);
  if (block.custom) return { id: block.id, type: "custom", custom: { name, input: block.input } };
  return { id: block.id, type: "function", function: { name, arguments: block.input === "" ? "{}" : block.input } };
}

/** A lone text is a string, as the K cases have it. */
function contentOf(parts: JsonObject[]): Json {
  const [first] = parts;
  const lone = parts.length === 1 && first?.["type"] === "text" && Object.keys(first).length === 2;
  return lone ? (first["text"] ?? "") : parts;
}
