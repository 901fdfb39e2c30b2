import type { Block } from "../../core/chat.ts";
import type { ChatEvent } from "../../core/events.ts";

/** Hands out block indices and knows which text is open. */
export class Blocks {
  #next = 0;
  #open: { index: number; type: Block["type"] } | undefined;

  /** The index of the open block of this kind: another open one is closed first. */
  within(block: Block, out: ChatEvent[]): number {
    if (this.#open?.type === block.type) return this.#open.index;
    this.close(out);
    const index = this.start(block, out);
    this.#open = { index, type: block.type };
    return index;
  }

  /** Starts a block that others may overlap. */
  start(block: Block, out: ChatEvent[]): number {
    const index = this.#next++;
    out.push({ type: "block-start", index, block });
    return index;
  }

  close(out: ChatEvent[]): void {
    if (this.#open) out.push({ type: "block-end", index: this.#open.index });
    this.#open = undefined;
  }
}
