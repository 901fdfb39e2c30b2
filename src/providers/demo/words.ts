import type { Block, ChatRequest } from "../../core/chat.ts";

/** The text of the last turn that is not the model's own. */
export function lastWords(request: ChatRequest): string {
  const message = request.messages.findLast(({ role }) => role === "user");
  return message ? words(message.content) : "";
}

/** The words of blocks, a line a block; what has none is named. */
export function words(blocks: readonly Block[]): string {
  return blocks.map(wordsOf).filter(Boolean).join("\n");
}

function wordsOf(block: Block): string {
  switch (block.type) {
    case "text":
    case "refusal":
    case "reasoning":
      return block.text;
    case "media":
      return `[${[block.kind, block.name, block.mediaType].filter(Boolean).join(", ")}]`;
    case "tool-result":
    case "search-result":
      return words(block.content);
    case "tool-call":
    case "opaque":
      return "";
    default:
      return block satisfies never;
  }
}
