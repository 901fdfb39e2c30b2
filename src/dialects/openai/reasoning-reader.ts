import type { ChatEvent } from "../../core/events.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import type { Blocks } from "./blocks.ts";

/**
 * Reasoning in an answer of a compatible server: `reasoning_content` or `reasoning` as text, `thinking_blocks` with the
 * signature (mapping G.6, G.7). Such a block repeats the text that came before it, and closes it.
 */
export class ReasoningReader {
  readonly #blocks: Blocks;
  /** Text of the open block: a signed block that repeats it is not said twice. */
  #said = "";

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
  }

  delta(delta: JsonObject, out: ChatEvent[]): void {
    const signed = delta["thinking_blocks"];
    const text = look.text(delta, "reasoning_content") || look.text(delta, "reasoning");
    if (!Array.isArray(signed)) {
      if (text) this.#text(text, out);
      return;
    }
    const blocks = signed.filter(isObject);
    const repeated = blocks.map((block) => look.text(block, "thinking") ?? "").join("");
    if (text && text !== repeated) this.#text(text, out);
    for (const block of blocks) this.#signed(block, out);
  }

  #text(text: string, out: ChatEvent[]): void {
    const index = this.#blocks.within({ type: "reasoning", text: "" }, out);
    this.#said += text;
    out.push({ type: "block-delta", index, text });
  }

  #signed(block: JsonObject, out: ChatEvent[]): void {
    const redacted = look.text(block, "data");
    if (redacted !== undefined) {
      this.#close(out);
      const index = this.#blocks.within({ type: "reasoning", text: "" }, out);
      out.push({ type: "block-delta", index, redacted });
      return this.#close(out);
    }
    const text = look.text(block, "thinking") ?? "";
    if (text !== this.#said && text !== "") this.#text(text, out);
    const signature = look.text(block, "signature");
    if (!signature) return;
    const index = this.#blocks.within({ type: "reasoning", text: "" }, out);
    out.push({ type: "block-delta", index, signature });
    this.#close(out);
  }

  #close(out: ChatEvent[]): void {
    this.#said = "";
    this.#blocks.close(out);
  }
}
