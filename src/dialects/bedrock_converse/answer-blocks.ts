import type { Block } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import { encodeCitation } from "./citation.ts";

/** A block of an answer as Converse's content blocks: none for what Converse cannot say. */
export function wireBlocks(block: Block): JsonObject[] {
  switch (block.type) {
    case "text":
      return [block.citations ? citedText(block.text, block.citations) : { text: block.text, ...own(block) }];
    case "refusal":
      return [{ text: block.text }];
    case "reasoning":
      return reasoningBlocks(block);
    case "tool-call":
      return [
        {
          toolUse: {
            toolUseId: block.id,
            name: block.name,
            input: toolInput(block.input, block.custom),
            ...own(block),
          },
        },
      ];
    case "media":
      return block.source.kind === "base64"
        ? [{ [block.kind]: { ...format(block.mediaType), source: { bytes: block.source.data }, ...own(block) } }]
        : [];
    case "opaque":
      return block.from === "bedrock_converse" && isObject(block.raw) ? [block.raw] : [];
    case "tool-result":
    case "search-result":
      return [];
    default:
      return block satisfies never;
  }
}

function citedText(text: string, citations: Parameters<typeof encodeCitation>[0][]): JsonObject {
  return {
    citationsContent: { ...(text !== "" && { content: [{ text }] }), citations: citations.map(encodeCitation) },
  };
}

function reasoningBlocks({ text, signature, redacted }: Extract<Block, { type: "reasoning" }>): JsonObject[] {
  const blocks: JsonObject[] = [];
  if (text !== "" || signature !== undefined || redacted === undefined)
    blocks.push({ reasoningContent: { reasoningText: { text, ...(signature !== undefined && { signature }) } } });
  if (redacted !== undefined) blocks.push({ reasoningContent: { redactedContent: redacted } });
  return blocks;
}

/** A call that was cut short keeps its text. */
function toolInput(input: string, custom: boolean | undefined): Json {
  if (custom) return { input };
  return input === "" ? {} : (parseJson(input) ?? input);
}

function format(mediaType: string): JsonObject {
  const name = mediaType.split("/")[1];
  return name ? { format: name } : {};
}

function own(block: Block): JsonObject | undefined {
  return block.extras?.from === "bedrock_converse" ? block.extras.fields : undefined;
}
