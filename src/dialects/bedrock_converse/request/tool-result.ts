import type { Block, BlockOf } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import { located, loseCache } from "./cache.ts";
import type { DocumentNames } from "./document-names.ts";
import { mediaBlock } from "./media.ts";
import type { Work } from "./work.ts";

/**
 * The content of a `toolResult` (mapping B.5.5, D.1.1). Never empty: Nova rejects `[]`, and
 * "The content field … cannot be empty when status value is error" (traps T-09, T-10).
 */
export function toolResult(
  block: BlockOf<"tool-result">,
  toolUseId: string,
  work: Work,
  names: DocumentNames,
): JsonObject {
  const content = block.content.map((part) => resultPart(part, work, names));
  const blank = content.every((part) => typeof part["text"] === "string" && part["text"].trim() === "");
  if (!block.isError) return { toolUseId, content: content.length > 0 ? content : [{ text: "" }] };
  if (work.facts.toolStatus) return { toolUseId, content: blank ? [{ text: "error" }] : content, status: "error" };
  work.losses.approximated(block.at && `${block.at}.is_error`, "tool error status");
  return { toolUseId, content: blank ? [{ text: "Error: error" }] : prefixed(content) };
}

/** Models without a status read the failure in the text. */
function prefixed(content: JsonObject[]): JsonObject[] {
  let done = false;
  const out = content.map((part) => {
    const text = part["text"];
    if (done || typeof text !== "string") return part;
    done = true;
    return { ...part, text: `Error: ${text}` };
  });
  return done ? out : [{ text: "Error:" }, ...content];
}

function resultPart(part: Block, work: Work, names: DocumentNames): JsonObject {
  loseCache(located(part), part.at, work);
  switch (part.type) {
    case "text":
    case "refusal":
      return { text: part.text.toWellFormed() };
    case "media":
      return mediaBlock(part, work, names).wire;
    case "search-result": {
      const texts = part.content
        .filter((item) => item.type === "text")
        .map(({ text }) => ({ text: text.toWellFormed() }));
      if (work.facts.searchResults) {
        const citations = part.citable === undefined ? {} : { citations: { enabled: part.citable } };
        return { searchResult: { source: part.source, title: part.title, content: texts, ...citations } };
      }
      work.losses.approximated(part.at, "search result");
      return { text: [`${part.title} (${part.source})`, ...texts.map(({ text }) => text)].join("\n") };
    }
    case "reasoning":
    case "tool-call":
    case "tool-result":
    case "opaque":
      throw GatewayError.invalid(
        part.at ?? null,
        "This content is not supported in a tool result for this model.",
        "unsupported_value",
      );
    default:
      return part satisfies never;
  }
}
