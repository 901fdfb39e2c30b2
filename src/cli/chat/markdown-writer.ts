import { type Output, plain } from "../terminal.ts";
import { MarkdownBlocks, type Piece } from "./markdown-blocks.ts";

/** ms between two repaints of the unfinished end: 20 a second. */
const paintMs = 50;

/**
 * Writes Markdown while it comes: what is finished is rendered for good, the unfinished end stands below it as plain
 * text and is painted anew. Only as many lines of it are shown as can be taken back.
 */
export class MarkdownWriter {
  readonly #output: Output;
  /** The unfinished end is shown; not where the cursor cannot go back. */
  readonly #live: boolean;
  readonly #blocks = new MarkdownBlocks();
  #tailRows = 0;
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
    if (this.#live) this.#timer ??= setTimeout(() => this.#repaint(), paintMs);
  }

  async end(): Promise<void> {
    const pieces: Piece[] = [];
    this.#blocks.end(pieces);
    await this.#commit(pieces);
  }

  async #commit(pieces: readonly Piece[]): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    let text = this.#takeBack();
    for (const piece of pieces) {
      const apart = this.#before !== undefined && (piece.kind === "text" || this.#before === "text");
      text += (apart ? "\n" : "") + this.#render(piece);
      this.#before = piece.kind;
    }
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
    const rows = this.#tailRows;
    this.#tailRows = 0;
    if (rows === 0) return "";
    return `${rows > 1 ? `\x1b[${rows - 1}A` : ""}\r\x1b[J`;
  }

  #repaint(): void {
    this.#timer = undefined;
    // After a change of width nobody knows how many rows the old text takes.
    if (this.#output.columns !== this.#columns) {
      this.#columns = this.#output.columns;
      if (this.#tailRows > 0) void this.#output.write("\n");
      this.#tailRows = 0;
    }
    const columns = Math.max(1, this.#columns - 1);
    const rows = rowsOf(this.#blocks.tail, columns).slice(-Math.max(1, (this.#output.stream.rows || 24) - 2));
    void this.#output.write(this.#takeBack() + rows.join("\n"));
    this.#tailRows = rows.length;
  }
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
