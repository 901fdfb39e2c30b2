import type { Frame } from "./layout.ts";

/** Paints frames over each other at one place of the terminal, in one write each. */
export class Painter {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  /** What stands there now. */
  #frame: Frame = { rows: [""], cursorRow: 0, cursorColumn: 0 };

  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  paint(frame: Frame): void {
    const body = frame.rows.map((row) => `${row}\x1b[K`).join("\r\n");
    const back = frame.rows.length - 1 - frame.cursorRow;
    this.#write(`${this.#toTop()}${body}\x1b[J${up(back)}\r${right(frame.cursorColumn)}`);
    this.#frame = frame;
  }

  /** Leaves what is painted and goes to a new line below it. */
  leave(): void {
    const down = this.#frame.rows.length - 1 - this.#frame.cursorRow;
    this.#write(`${down > 0 ? `\x1b[${down}B` : ""}\r\n`);
    this.forget();
  }

  clearScreen(): void {
    this.#write("\x1b[H\x1b[2J");
    this.forget();
  }

  /** The cursor stands in the first column of an empty line again: a shell wrote in between. */
  forget(): void {
    this.#frame = { rows: [""], cursorRow: 0, cursorColumn: 0 };
  }

  /** To the first row. After a resize the terminal has wrapped the rows anew, so they are counted in its new width. */
  #toTop(): string {
    const columns = Math.max(1, this.#columns());
    const { rows, cursorRow, cursorColumn } = this.#frame;
    const above = rows.slice(0, cursorRow).reduce((sum, row) => sum + height(row, columns), 0);
    return `${up(above + Math.floor(cursorColumn / columns))}\r`;
  }
}

function height(row: string, columns: number): number {
  return Math.max(1, Math.ceil(Bun.stringWidth(row) / columns));
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}
