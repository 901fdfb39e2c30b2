import type { Block } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import type { OpenAIFacts } from "../../core/models/facts.ts";
import { cachePath } from "./cache.ts";
import { encodeMedia, quoted } from "./encode-media.ts";

/** Blocks as content parts (mapping D.1.1, column OpenAI). Blank texts are left out. */
export function encodeParts(blocks: readonly Block[], limits: OpenAIFacts, losses: LossList): JsonObject[] {
  const parts: JsonObject[] = [];
  for (const block of blocks) {
    const part = encodePart(block, losses);
    if (part) parts.push(cached(part, block, limits, losses));
    else if (block.cache) losses.dropped(cachePath(block), "cache point");
    if (block.guard) losses.dropped(`${block.at ?? "messages"}.guard_content`, "guardrail marking");
  }
  return parts;
}

function encodePart(block: Block, losses: LossList): JsonObject | undefined {
  const at = block.at ?? "messages";
  switch (block.type) {
    case "text":
      if (block.citations?.length) losses.dropped(`${at}.citations`, "citations of history");
      return block.text.trim() === "" ? undefined : { type: "text", text: block.text };
    case "refusal":
      return { type: "refusal", refusal: block.text };
    case "media":
      return encodeMedia(block, at, losses);
    case "search-result": {
      if (block.citable) losses.dropped(`${at}.citations`, "citations");
      const texts = block.content.map((inner) => (inner.type === "text" ? inner.text : ""));
      return {
        type: "text",
        text: `<search_result source="${quoted(block.source)}" title="${quoted(block.title)}">\n${texts.join("\n")}\n</search_result>`,
      };
    }
    case "reasoning":
      losses.dropped(block.at, "reasoning of history");
      return undefined;
    case "opaque":
      if (block.from !== "openai") losses.dropped(block.at, "content of another format");
      return block.from === "openai" && typeof block.raw === "object" && block.raw && !Array.isArray(block.raw)
        ? block.raw
        : undefined;
    case "tool-call":
    case "tool-result":
      throw GatewayError.invalid(at, `${at}: a block of type '${block.type}' cannot stand here`);
    default:
      return block satisfies never;
  }
}

function cached(part: JsonObject, block: Block, limits: OpenAIFacts, losses: LossList): JsonObject {
  if (!block.cache) return part;
  if (limits.cacheBreakpoints) {
    // The life of a breakpoint is left to OpenAI (mapping D.1.1): its hours are not Claude's.
    if (block.cache.ttl === "1h") losses.approximated(cachePath(block), "life of a cache point");
    return { ...part, prompt_cache_breakpoint: { mode: "explicit" } };
  }
  losses.dropped(cachePath(block), "cache point");
  return part;
}
