import type { Block } from "./chat.ts";

const none: readonly Block[] = [];

/** The blocks inside a block: of a tool's result, a search result, a document made of blocks. Empty where there are none. */
export function nested(block: Block): readonly Block[] {
  if (block.type === "tool-result" || block.type === "search-result") return block.content;
  return block.type === "media" && block.source.kind === "blocks" ? block.source.blocks : none;
}

/** The block with other blocks inside; the block itself where it holds none. */
export function withNested(block: Block, inner: Block[]): Block {
  if (block.type === "tool-result" || block.type === "search-result") return { ...block, content: inner };
  if (block.type === "media" && block.source.kind === "blocks")
    return { ...block, source: { kind: "blocks", blocks: inner } };
  return block;
}
