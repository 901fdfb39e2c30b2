import type { Block, ChatRequest, Usage } from "../../core/chat.ts";

/** Text in pieces of about four characters, cut between words where there are any and never inside a character. */
export function tokens(text: string): string[] {
  return text.match(/\s*[^\s]{1,8}|\s+$/gu) ?? [];
}

/** Tokens of a text by the rule of thumb: four characters each. */
function estimate(characters: number): number {
  return Math.ceil(characters / 4);
}

/** A plausible bill: what was said and offered against what is answered. */
export function usageOf(request: ChatRequest, answer: readonly Block[]): Usage {
  const said = request.messages.reduce((sum, { content }) => sum + 3 + estimate(sizes(content)), 0);
  const offered = (request.tools ?? []).reduce((sum, tool) => sum + estimate(JSON.stringify(tool).length), 0);
  const reasoning = answer.reduce(
    (sum, block) => sum + (block.type === "reasoning" ? tokens(block.text).length : 0),
    0,
  );
  return {
    input: said + offered,
    output: answer.reduce((sum, block) => sum + outputOf(block), 0),
    ...(reasoning > 0 && { reasoning }),
  };
}

function outputOf(block: Block): number {
  if (block.type === "text" || block.type === "reasoning") return tokens(block.text).length;
  return block.type === "tool-call" ? estimate(block.name.length + block.input.length) : 0;
}

/** Characters of blocks; a picture or document counts as a page of text. */
function sizes(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + sizeOf(block), 0);
}

function sizeOf(block: Block): number {
  switch (block.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return block.text.length;
    case "tool-call":
      return block.name.length + block.input.length;
    case "tool-result":
    case "search-result":
      return sizes(block.content);
    case "media":
      return 3000;
    case "opaque":
      return JSON.stringify(block.raw).length;
    default:
      return block satisfies never;
  }
}
