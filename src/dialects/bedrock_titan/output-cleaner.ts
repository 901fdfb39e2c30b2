import type { Finish } from "../../core/chat.ts";
import type { Memo } from "../../core/loss.ts";

/** What the model may put in front of its words although the prompt already ends with `Bot:`. */
const labels = ["Bot:", "Assistant:"];
/** A model that goes on with the caller's part has finished its own (mapping E.3). */
const nextTurn = "User:";
const openings = [...labels, nextTurn];

/**
 * Cleans the text of an answer to a prompt that we rendered (mapping E.3, E.6): newlines and one label in front are
 * taken off, and it ends at the first stop string that the upstream could not be given, or where the model speaks for
 * the user. What may still become one of these is held back, so that any cutting of the text into deltas gives the same.
 */
export class OutputCleaner {
  /** Why the text was ended here; undefined as long as it was not. */
  cut: Finish | undefined;
  readonly #stops: readonly { text: string; finish: Finish }[];
  #at: "front" | "behind-label" | "inside";
  #held = "";

  constructor(memo: Memo) {
    this.#at = memo.rendered ? "front" : "inside";
    this.#stops = [
      ...(memo.stop ?? []).map((text) => ({
        text,
        finish: { reason: "stop-sequence", sequence: text } satisfies Finish,
      })),
      ...(memo.rendered ? [{ text: `\n${nextTurn}`, finish: { reason: "stop" } satisfies Finish }] : []),
    ]
      .filter(({ text }) => text !== "")
      // Of two that begin at the same place the shorter wins: it is the one that is complete first.
      .sort((a, b) => a.text.length - b.text.length);
  }

  /** The part of the text that is certain now; "" when there is none. */
  push(text: string): string {
    if (this.cut) return "";
    this.#held += text;
    if (this.#at === "front" && !this.#front(false)) return "";
    if (this.#at === "behind-label" && !this.#skip(/^\s+/)) return "";
    return this.#inside(false);
  }

  /** What was held back, at the end of the answer. */
  end(): string {
    if (this.cut) return "";
    if (this.#at === "front") this.#front(true);
    if (this.#at === "behind-label") this.#skip(/^\s+/);
    return this.cut ? "" : this.#inside(true);
  }

  /** True when the text behind the front has begun. */
  #front(last: boolean): boolean {
    this.#skip(/^[\r\n]+/);
    const held = this.#held;
    if (!last && openings.some((opening) => opening.length > held.length && opening.startsWith(held))) return false;
    if (held.startsWith(nextTurn)) {
      this.cut = { reason: "stop" };
      return false;
    }
    const label = labels.find((one) => held.startsWith(one));
    this.#held = held.slice(label?.length ?? 0);
    this.#at = label ? "behind-label" : "inside";
    return true;
  }

  /** Takes off blanks in front; true when something else follows them. */
  #skip(blanks: RegExp): boolean {
    this.#held = this.#held.replace(blanks, "");
    if (this.#held === "") return false;
    if (this.#at === "behind-label") this.#at = "inside";
    return true;
  }

  #inside(last: boolean): string {
    const text = this.#held;
    let end = last ? text.length : text.length - this.#overlap(text);
    for (const stop of this.#stops) {
      const found = text.indexOf(stop.text);
      if (found < 0 || (this.cut ? found >= end : found > end)) continue;
      end = found;
      this.cut = stop.finish;
    }
    this.#held = this.cut ? "" : text.slice(end);
    return text.slice(0, end);
  }

  /** Length of the longest end of `text` that a stop string begins with. */
  #overlap(text: string): number {
    let longest = 0;
    for (const { text: stop } of this.#stops) {
      for (let size = Math.min(stop.length - 1, text.length); size > longest; size--) {
        if (text.endsWith(stop.slice(0, size))) longest = size;
      }
    }
    return longest;
  }
}
