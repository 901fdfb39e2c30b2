import type { Block, CachePoint } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import { ownFields, toolInput } from "./answer-blocks.ts";
import { encodeCitation } from "./citation.ts";
import { encodeSource } from "./decode-source.ts";
import { own } from "./wire.ts";

/** Where losses go, and whether the request came in this very format: then what it says is not judged. */
export type Sink = { losses: LossList; native: boolean };

/** Content as text where it was text (its one block's path is the content's own), else as blocks. */
export function encodeContent(blocks: readonly Block[], sink: Sink): Json {
  const only = blocks.length === 1 ? blocks[0] : undefined;
  if (only?.type === "text" && !only.at?.endsWith("]") && !only.cache && !only.citations && !ownFields(only))
    return only.text;
  return blocks.flatMap((block) => {
    const wire = encodeBlock(block, sink);
    if (!wire) return [];
    if (block.guard) sink.losses.dropped(block.at && `${block.at}.guard_content`, "guard content");
    return [{ ...wire, ...encodeCache(block.cache), ...(block.type !== "opaque" && ownFields(block)) }];
  });
}

export function encodeCache(cache: CachePoint | undefined): JsonObject {
  return cache ? { cache_control: { type: "ephemeral", ...(cache.ttl !== undefined && { ttl: cache.ttl }) } } : {};
}

/** Undefined, and a loss, for what the format cannot say. */
function encodeBlock(block: Block, sink: Sink): JsonObject | undefined {
  switch (block.type) {
    case "text": {
      const cited = block.citations?.map(encodeCitation).filter((citation) => citation !== undefined);
      return { type: "text", text: block.text, ...(cited && { citations: cited }) };
    }
    case "refusal":
      return { type: "text", text: block.text };
    case "reasoning":
      return thinking(block, sink);
    case "media":
      return media(block, sink);
    case "tool-call":
      return { type: "tool_use", id: block.id, name: block.name, input: toolInput(block.input, block.custom) };
    case "tool-result":
      return {
        type: "tool_result",
        tool_use_id: block.callId,
        ...(block.content.length > 0 && { content: encodeContent(block.content, sink) }),
        ...(block.isError !== undefined && { is_error: block.isError }),
      };
    case "search-result":
      return {
        type: "search_result",
        source: block.source,
        title: block.title,
        content: encodeContent(block.content, sink),
        ...(block.citable !== undefined && { citations: { enabled: block.citable } }),
      };
    case "opaque":
      if (block.from === own && isObject(block.raw)) return block.raw;
      sink.losses.dropped(block.at, "unknown block");
      return undefined;
    default:
      return block satisfies never;
  }
}

/** Thinking without a signature may not be replayed; what the caller wrote in this format goes as it is. */
function thinking(block: Extract<Block, { type: "reasoning" }>, sink: Sink): JsonObject | undefined {
  if (block.redacted !== undefined) return { type: "redacted_thinking", data: block.redacted };
  if (block.signature !== undefined) return { type: "thinking", thinking: block.text, signature: block.signature };
  if (sink.native) return { type: "thinking", thinking: block.text };
  sink.losses.dropped(block.at, "unsigned thinking");
  return undefined;
}

function media(block: Extract<Block, { type: "media" }>, sink: Sink): JsonObject | undefined {
  const source = encodeSource(block.source, block.mediaType, (blocks) => encodeContent(blocks, sink));
  if (!source || (block.kind !== "image" && block.kind !== "document")) {
    sink.losses.dropped(block.at, block.kind);
    return undefined;
  }
  return {
    type: block.kind,
    source,
    ...(block.kind === "document" && {
      ...(block.name !== undefined && { title: block.name }),
      ...(block.context !== undefined && { context: block.context }),
      ...(block.citable !== undefined && { citations: { enabled: block.citable } }),
    }),
  };
}
