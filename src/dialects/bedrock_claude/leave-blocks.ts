import type { Block, ChatRequest } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import type { ModelFacts } from "../../core/models.ts";
import { own, refuse } from "./wire.ts";

/**
 * What blocks of this dialect cost elsewhere (mapping D.1.1). Blocks that only Claude knows are dropped towards OpenAI
 * and refused on Converse.
 */
export function leaveBlocks(request: ChatRequest, facts: ModelFacts, losses: LossList): void {
  for (const message of request.messages) {
    for (const key of ownKeys(message)) losses.dropped(message.at && `${message.at}.${key}`, "unknown field");
    for (const block of message.content) leaveBlock(block, facts, losses);
    if (message.role !== "system" && message.content.length > 0 && message.content.every(isBlank))
      throw GatewayError.invalid("messages", "messages: text content blocks must be non-empty");
  }
}

function isBlank(block: Block): boolean {
  return block.type === "text" && block.text.trim() === "";
}

function leaveBlock(block: Block, facts: ModelFacts, losses: LossList): void {
  const at = block.at ?? "messages";
  for (const key of ownKeys(block)) losses.dropped(`${at}.${key}`, "unknown field");
  switch (block.type) {
    case "opaque": {
      if (block.from !== own) return;
      if (facts.host === "openai") losses.dropped(at, "block of Claude's own");
      else throw refuse(`${at}.type`, `'${typeOf(block.raw)}' is not supported for this model`);
      return;
    }
    case "media":
      if (block.source.kind === "file") throw refuse(`${at}.source.type`, "'file' is not supported");
      if (block.source.kind === "blocks") leaveDocument(block.source.blocks, facts, losses);
      return;
    case "tool-result":
    case "search-result":
      for (const inner of block.content) leaveBlock(inner, facts, losses);
      return;
    default:
  }
}

/** Documents made of blocks may hold text alone. */
function leaveDocument(blocks: readonly Block[], facts: ModelFacts, losses: LossList): void {
  for (const block of blocks) {
    if (block.type !== "text")
      throw refuse(`${block.at ?? "messages"}.type`, "only text is supported inside a document for this model");
    leaveBlock(block, facts, losses);
  }
}

function typeOf(raw: unknown): string {
  return typeof raw === "object" && raw !== null && "type" in raw ? String(raw.type) : "unknown";
}

/** Unnamed fields that said something: `null`s and plain defaults are no losses (mapping 0.13). */
function ownKeys(node: { extras?: { from: string; fields: JsonObject } }): string[] {
  if (node.extras?.from !== own) return [];
  return Object.entries(node.extras.fields).flatMap(([key, value]) => {
    if (value === null || value === false) return [];
    if (key === "caller" && JSON.stringify(value) === '{"type":"direct"}') return [];
    if (key === "content" && Array.isArray(value) && value.length === 0) return [];
    return [key];
  });
}
