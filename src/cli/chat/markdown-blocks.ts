/** A piece of Markdown that is finished: text, or a line of code, or the line that opens or closes a fence. */
export type Piece = { kind: "text" | "code" | "fence"; text: string };

/** Characters of an unfinished block: a longer one is cut at a line, or it would be read again with each piece. */
const longest = 16 * 1024;
const opening = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

/**
 * Cuts a growing Markdown text into what is finished and what is not yet. A block is finished by a blank line outside a
 * fence when the next line starts at the margin; code is finished line by line.
 */
export class MarkdownBlocks {
  #pending = "";
  #fence: string | undefined;

  /** What is not finished yet. */
  get tail(): string {
    return this.#pending;
  }

  get inFence(): boolean {
    return this.#fence !== undefined;
  }

  push(text: string, out: Piece[]): void {
    this.#pending += text;
    for (;;) {
      const before = this.#pending.length;
      if (this.#fence === undefined) this.#cutText(out);
      else this.#cutCode(this.#fence, out);
      if (this.#pending.length === before) return;
    }
  }

  end(out: Piece[]): void {
    if (this.#pending.trim() !== "") {
      if (this.#fence === undefined) out.push({ kind: "text", text: this.#pending });
      else this.push("\n", out);
    }
    this.#pending = "";
    this.#fence = undefined;
  }

  /** Text up to a blank line before a line at the margin, or up to a fence. */
  #cutText(out: Piece[]): void {
    const text = this.#pending;
    let blank = -1;
    for (let from = 0; from < text.length;) {
      const to = text.indexOf("\n", from);
      const line = to < 0 ? text.slice(from) : text.slice(from, to);
      if (blank >= 0 && line !== "" && !/^[ \t]/.test(line)) return this.#text(from, out);
      if (to < 0) {
        if (text.length > longest) this.#text(from > 0 ? from : text.length, out);
        return;
      }
      if (line.trim() === "") blank = from;
      const ticks = opening.exec(line)?.[1];
      if (ticks !== undefined) {
        if (from > 0) this.#text(from, out);
        this.#fence = ticks;
        out.push({ kind: "fence", text: line });
        this.#pending = this.#pending.slice(line.length + 1);
        return;
      }
      from = to + 1;
    }
  }

  #text(length: number, out: Piece[]): void {
    const text = this.#pending.slice(0, length);
    if (text.trim() !== "") out.push({ kind: "text", text });
    this.#pending = this.#pending.slice(length);
  }

  #cutCode(fence: string, out: Piece[]): void {
    const to = this.#pending.indexOf("\n");
    if (to < 0) return;
    const line = this.#pending.slice(0, to);
    this.#pending = this.#pending.slice(to + 1);
    const closes = line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? "`", "") === "";
    if (closes) this.#fence = undefined;
    out.push({ kind: closes ? "fence" : "code", text: line });
  }
}
