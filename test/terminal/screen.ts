/** What a terminal shows: enough of a VT100 for line editors and clack, without colours. */
export class Screen {
  columns: number;
  rows: number;
  /** Lines that scrolled off the top. */
  readonly history: string[] = [];
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #rest = "";

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    const input = this.#rest + text;
    this.#rest = "";
    for (let at = 0; at < input.length;) {
      const character = String.fromCodePoint(input.codePointAt(at) ?? 0);
      if (character !== "\x1b") {
        this.#put(character);
        at += character.length;
        continue;
      }
      const sequence =
        /^\x1b(?:\[([?<>=]?)([\d;]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[78=>cDEHMNOZ])/.exec(
          input.slice(at),
        );
      if (sequence === null) {
        if (input.length - at < 64) {
          this.#rest = input.slice(at);
          return;
        }
        at++;
        continue;
      }
      if (sequence[3] !== undefined && sequence[1] === "")
        this.#control(
          sequence[3],
          (sequence[2] ?? "").split(";").map((one) => Number(one || "0")),
        );
      at += sequence[0].length;
    }
  }

  /** Everything shown so far, trailing blanks and empty lines at the end cut. */
  text(): string {
    return [...this.history, ...this.#lines.map((line) => line.join(""))]
      .map((line) => line.trimEnd())
      .join("\n")
      .trimEnd();
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#down();
    else if (character === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (character >= " ") {
      const width = Bun.stringWidth(character);
      if (this.#column + width > this.columns) {
        this.#column = 0;
        this.#down();
      }
      const line = this.#line();
      while (line.length < this.#column) line.push(" ");
      line[this.#column] = character;
      if (width === 2) line[this.#column + 1] = "";
      this.#column += width;
    }
  }

  #line(): string[] {
    return (this.#lines[this.#row] ??= []);
  }

  #down(): void {
    this.#row++;
    this.#line();
    if (this.#row < this.rows) return;
    this.history.push((this.#lines.shift() ?? []).join(""));
    this.#row = this.rows - 1;
  }

  #control(final: string, [first = 0, second = 0]: number[]): void {
    const count = Math.max(1, first);
    if (final === "A") this.#row = Math.max(0, this.#row - count);
    else if (final === "B") this.#row = Math.min(this.rows - 1, this.#row + count);
    else if (final === "C") this.#column += count;
    else if (final === "D") this.#column = Math.max(0, this.#column - count);
    else if (final === "G") this.#column = count - 1;
    else if (final === "H") [this.#row, this.#column] = [Math.min(this.rows, count) - 1, Math.max(1, second) - 1];
    else if (final === "K") this.#eraseLine(first);
    else if (final === "J") this.#eraseDisplay(first);
    for (let row = 0; row <= this.#row; row++) this.#lines[row] ??= [];
  }

  #eraseLine(mode: number): void {
    const line = this.#line();
    if (mode === 0) line.length = Math.min(line.length, this.#column);
    else if (mode === 1) for (let column = 0; column <= this.#column; column++) line[column] = " ";
    else line.length = 0;
  }

  #eraseDisplay(mode: number): void {
    if (mode === 0) {
      this.#eraseLine(0);
      this.#lines.length = this.#row + 1;
    } else {
      this.#lines = [];
      for (let row = 0; row <= this.#row; row++) this.#lines.push([]);
    }
  }
}
