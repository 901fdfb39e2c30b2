import { type Output, plain } from "../terminal.ts";
import { MarkdownBlocks, type Piece } from "./markdown-blocks.ts";

/** ms between two repaints of the unfinished end: 20 a second. */
const paintMs = 50;

/**
 * Writes Markdown while it comes: what is finished is rendered for good, the unfinished end stands below it as plain
 * text. Of that only what changed is painted, so that nothing flickers, and only as many rows are shown as can be taken
 * back. When the window changes its size nobody knows how the terminal wrapped them: then the block that is open is
 * written on as it is, without going back (cli.md 3.9).
 */
export class MarkdownWriter {
  readonly #output: Output;
  /** The unfinished end is shown; not where the cursor cannot go back. */
  readonly #live: boolean;
  readonly #blocks = new MarkdownBlocks();
  /** Rows of the unfinished end as they stand there; the cursor is behind the last one. */
  #rows: readonly string[] = [];
  /** Characters of the unfinished end that have been shown. */
  #shown = 0;
  /** The window was resized: the open block goes on as it is. */
  #stuck = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #before: Piece["kind"] | undefined;
  #columns: number;

  constructor(output: Output) {
    this.#output = output;
    this.#live = output.isTTY;
    this.#columns = output.columns;
  }

  async push(text: string): Promise<void> {
    const pieces: Piece[] = [];
    this.#blocks.push(plain(text), pieces);
    if (pieces.length > 0) await this.#commit(pieces);
    if (this.#live) this.#timer ??= setTimeout(() => this.#paint(), paintMs);
  }

  async end(): Promise<void> {
    const pieces: Piece[] = [];
    this.#blocks.end(pieces);
    await this.#commit(pieces);
  }

  async #commit(pieces: readonly Piece[]): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lookAtSize();
    const [first, ...others] = pieces;
    const goesOn = this.#stuck && first !== undefined;
    let text = goesOn ? `${first.text.slice(this.#shown).trimEnd()}\n` : this.#takeBack();
    if (goesOn) this.#before = first.kind;
    for (const piece of goesOn ? others : pieces) {
      const apart = this.#before !== undefined && (piece.kind === "text" || this.#before === "text");
      text += (apart ? "\n" : "") + this.#render(piece);
      this.#before = piece.kind;
    }
    this.#rows = [];
    this.#shown = 0;
    this.#stuck = false;
    await this.#output.write(text);
  }

  #render({ kind, text }: Piece): string {
    const { paint, color } = this.#output;
    if (kind === "fence") return `${paint.dim(text.trim())}\n`;
    // As it is, without a gutter: it will be copied.
    if (kind === "code") return `${paint.cyan(text)}\n`;
    const rendered = Bun.markdown.ansi(text, { colors: color, columns: this.#output.columns, hyperlinks: false });
    return `${rendered.replace(/^\n+|\s+$/g, "")}\n`;
  }

  #takeBack(): string {
    const rows = this.#rows.length;
    if (rows === 0) return "";
    return `${rows > 1 ? `\x1b[${rows - 1}A` : ""}\r\x1b[J`;
  }

  #lookAtSize(): void {
    const { columns } = this.#output;
    if (columns !== this.#columns && this.#rows.length > 0) this.#stuck = true;
    this.#columns = columns;
  }

  #paint(): void {
    this.#timer = undefined;
    this.#lookAtSize();
    const { tail } = this.#blocks;
    if (this.#stuck) void this.#output.write(tail.slice(this.#shown));
    else {
      const height = Math.max(1, (this.#output.stream.rows || 24) - 2);
      const rows = rowsOf(tail, Math.max(1, this.#columns - 1)).slice(-height);
      void this.#output.write(changes(this.#rows, rows));
      this.#rows = rows;
    }
    this.#shown = tail.length;
  }
}

/** What makes the new rows of the old ones: nothing is written that stands there already. */
function changes(old: readonly string[], rows: readonly string[]): string {
  const same = old.findIndex((row, at) => row !== rows[at]);
  const from = same < 0 ? old.length : same;
  const last = old.at(-1);
  // Mostly the last row grew.
  const grown = last !== undefined && from === old.length - 1 && rows[from]?.startsWith(last) === true;
  if (grown) return [rows[from]?.slice(last.length), ...rows.slice(from + 1)].join("\n");
  if (from === old.length) {
    const more = rows.slice(from);
    return more.length === 0 ? "" : (last === undefined ? "" : "\n") + more.join("\n");
  }
  const up = old.length - 1 - from;
  return `${up > 0 ? `\x1b[${up}A` : ""}\r\x1b[J${rows.slice(from).join("\n")}`;
}

/** A text cut into rows of at most `columns` cells; no rows for no text. */
function rowsOf(text: string, columns: number): string[] {
  if (text.trim() === "") return [];
  return text.split("\n").flatMap((line) => {
    const rows: string[] = [];
    let row = "";
    let width = 0;
    for (const character of line.replaceAll("\t", "    ")) {
      const cells = Bun.stringWidth(character);
      if (width + cells > columns) {
        rows.push(row);
        row = "";
        width = 0;
      }
      row += character;
      width += cells;
    }
    return [...rows, row];
  });
}
