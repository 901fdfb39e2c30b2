import type { Block, BlockOf } from "../../../core/chat.ts";
import { isObject, type JsonObject, parseJson } from "../../../core/json.ts";
import { rowOf } from "../../../core/row-of.ts";
import { encodeCitation } from "../citation.ts";
import { guarded, id } from "../wire.ts";
import { documents } from "./media-format.ts";

/** A block as Converse wrote it. `whole` in the extras is a block that the hub could not hold to the last field. */
export function ownBlock(block: Block): JsonObject {
  const whole = block.extras?.from === id ? block.extras.fields["whole"] : undefined;
  return isObject(whole) ? whole : plainBlock(block);
}

/** A block from its hub fields alone. */
export function plainBlock(block: Block): JsonObject {
  switch (block.type) {
    case "text":
      return textBlock(block);
    case "refusal":
      return { text: block.text };
    case "reasoning":
      return block.redacted !== undefined
        ? { reasoningContent: { redactedContent: block.redacted } }
        : {
            reasoningContent: {
              reasoningText: {
                text: block.text,
                ...(block.signature !== undefined && { signature: block.signature }),
              },
            },
          };
    case "media": {
      const wire = mediaWire(block);
      return block.guard && block.kind === "image" ? guarded("image", wire) : { [block.kind]: wire };
    }
    case "tool-call":
      return { toolUse: { toolUseId: block.id, name: block.name, input: parseJson(block.input) ?? block.input } };
    case "tool-result":
      return {
        toolResult: {
          toolUseId: block.callId,
          content: block.content.map(ownBlock),
          ...(block.isError !== undefined && { status: block.isError ? "error" : "success" }),
        },
      };
    case "search-result":
      return {
        searchResult: {
          source: block.source,
          title: block.title,
          content: block.content.map(ownBlock),
          ...(block.citable !== undefined && { citations: { enabled: block.citable } }),
        },
      };
    case "opaque":
      return isObject(block.raw) ? block.raw : {};
    default:
      return block satisfies never;
  }
}

function textBlock(block: BlockOf<"text">): JsonObject {
  if (block.citations) {
    return { citationsContent: { content: [{ text: block.text }], citations: block.citations.map(encodeCitation) } };
  }
  if (!block.guard) return { text: block.text };
  const { qualifiers } = block.guard;
  return guarded("text", { text: block.text, ...(qualifiers && { qualifiers }) });
}

function mediaWire(block: BlockOf<"media">): JsonObject {
  return {
    format: formatName(block),
    ...(block.name !== undefined && { name: block.name }),
    source: sourceWire(block),
    ...(block.context !== undefined && { context: block.context }),
    ...(block.citable !== undefined && { citations: { enabled: block.citable } }),
  };
}

function formatName(block: BlockOf<"media">): string {
  if (block.kind === "document") return rowOf(documents, block.mediaType) ?? "";
  return block.mediaType.slice(block.mediaType.indexOf("/") + 1);
}

function sourceWire({ source }: BlockOf<"media">): JsonObject {
  switch (source.kind) {
    case "base64":
      return { bytes: source.data };
    case "s3":
      return {
        s3Location: {
          uri: source.uri,
          ...(source.bucketOwner !== undefined && { bucketOwner: source.bucketOwner }),
        },
      };
    case "text":
      return { text: source.text };
    case "blocks":
      return { content: source.blocks.map(ownBlock) };
    case "url":
    case "file":
      return {};
    default:
      return source satisfies never;
  }
}
