import type { Block } from "../core/chat.ts";
import type { ChatEvent, Stage } from "../core/events.ts";

type Waiting = { index: number; events: ChatEvent[]; ended: boolean };

/**
 * Makes blocks follow each other (mapping D.5, G.6): open text ends when the next block starts; what belongs to a
 * block that starts while another is open waits until that one ends.
 */
export class Serial implements Stage<ChatEvent, ChatEvent> {
  #open: number | undefined;
  #openBlock: Block | undefined;
  #waiting: Waiting[] = [];
  /** Text blocks that were ended early: another delta opens them again. */
  readonly #cut = new Map<number, Block>();

  /** Whether a delta of this block needs no ordering: the way past the queue for the many. */
  isOpen(index: number): boolean {
    return index === this.#open;
  }

  push(event: ChatEvent, out: ChatEvent[]): void {
    switch (event.type) {
      case "block-delta":
        if (event.index === this.#open) out.push(event);
        else this.#later(event, out);
        return;
      case "block-start":
        this.#start(event, out);
        return;
      case "block-end":
        this.#finish(event, out);
        return;
      case "message-end":
        this.#finishAll(out);
        out.push(event);
        return;
      case "message-start":
      case "usage":
        out.push(event);
        return;
      default:
        event satisfies never;
    }
  }

  end(out: ChatEvent[]): void {
    this.#finishAll(out);
  }

  #start(event: Extract<ChatEvent, { type: "block-start" }>, out: ChatEvent[]): void {
    if (this.#open !== undefined && (this.#openBlock?.type === "text" || this.#openBlock?.type === "refusal")) {
      this.#cut.set(this.#open, { ...this.#openBlock, text: "" });
      out.push({ type: "block-end", index: this.#open });
      this.#open = undefined;
    }
    if (this.#open !== undefined) {
      this.#waiting.push({ index: event.index, events: [event], ended: false });
      return;
    }
    this.#open = event.index;
    this.#openBlock = event.block;
    out.push(event);
  }

  #later(event: Extract<ChatEvent, { type: "block-delta" }>, out: ChatEvent[]): void {
    const waiting = this.#waiting.find((entry) => entry.index === event.index && !entry.ended);
    if (waiting) {
      waiting.events.push(event);
      return;
    }
    const block = this.#cut.get(event.index);
    if (!block) return;
    this.#cut.delete(event.index);
    this.#start({ type: "block-start", index: event.index, block }, out);
    this.push(event, out);
  }

  #finish(event: Extract<ChatEvent, { type: "block-end" }>, out: ChatEvent[]): void {
    if (event.index === this.#open) {
      out.push(event);
      this.#open = undefined;
      this.#next(out);
      return;
    }
    const waiting = this.#waiting.find((entry) => entry.index === event.index && !entry.ended);
    if (waiting) {
      waiting.events.push(event);
      waiting.ended = true;
    } else this.#cut.delete(event.index);
  }

  /** Gives what waited: whole blocks at once, then the first that is still growing. */
  #next(out: ChatEvent[]): void {
    for (let entry = this.#waiting.shift(); entry; entry = this.#waiting.shift()) {
      for (const event of entry.events) out.push(event);
      if (entry.ended) continue;
      this.#open = entry.index;
      const start = entry.events[0];
      this.#openBlock = start?.type === "block-start" ? start.block : undefined;
      return;
    }
  }

  #finishAll(out: ChatEvent[]): void {
    while (this.#open !== undefined) this.#finish({ type: "block-end", index: this.#open }, out);
    this.#cut.clear();
  }
}
