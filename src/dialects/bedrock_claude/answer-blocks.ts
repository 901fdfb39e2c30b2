import type { Block, Citation } from "../../core/chat.ts";
import { isObject, type JsonObject, parseExact } from "../../core/json.ts";
import { encodeCitation } from "./citation.ts";
import { own } from "./wire.ts";

/** A block of an answer as Anthropic's content blocks (mapping D.2): none for empty text and for what the format cannot say. */
export function wireBlocks(block: Block): JsonObject[] {
  switch (block.type) {
    case "text":
      return block.text === "" && !block.citations
        ? []
        : [{ type: "text", text: block.text, ...cited(block.citations), ...ownFields(block) }];
    case "refusal":
      return block.text === "" ? [] : [{ type: "text", text: block.text }];
    case "reasoning":
      return thinkingBlocks(block);
    case "tool-call":
      return [
        {
          type: "tool_use",
          id: block.id,
          name: block.name,
          input: toolInput(block.input, block.custom),
          ...ownFields(block),
        },
      ];
    case "opaque":
      return block.from === own && isObject(block.raw) ? [block.raw] : [];
    case "media":
    case "tool-result":
    case "search-result":
      return [];
    default:
      return block satisfies never;
  }
}

function thinkingBlocks(block: Extract<Block, { type: "reasoning" }>): JsonObject[] {
  const { text, signature, redacted } = block;
  const blocks: JsonObject[] = [];
  if (text !== "" || signature !== undefined)
    blocks.push({ type: "thinking", thinking: text, signature: signature ?? "", ...ownFields(block) });
  if (redacted !== undefined) blocks.push({ type: "redacted_thinking", data: redacted, ...ownFields(block) });
  return blocks;
}

function cited(citations: readonly Citation[] | undefined): JsonObject {
  const wire = citations?.map(encodeCitation).filter((citation) => citation !== undefined);
  return wire && wire.length > 0 ? { citations: wire } : {};
}

/**
 * Anthropic's input is an object. Text that is none (a call that was cut short) is kept under a name of its own
 * (mapping G.6); free text of a custom tool is its `input`.
 */
export function toolInput(input: string, custom: boolean | undefined): JsonObject {
  if (custom) return { input };
  if (input.trim() === "") return {};
  try {
    const value = parseExact(input);
    if (isObject(value)) return value;
    if (value === null) return {};
  } catch {
    // Not JSON.
  }
  return { rawArguments: input };
}

export function ownFields(block: Block): JsonObject | undefined {
  return block.extras?.from === own ? block.extras.fields : undefined;
}
