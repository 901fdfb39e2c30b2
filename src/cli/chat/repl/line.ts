const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** UTF-16 units beside the cursor in which the next letter ends: longer clusters do not occur in writing. */
const nearby = 64;

/** A text that is being edited, and the cursor in it. Moves by what people see as one letter. */
export class Line {
  #text: string;
  #cursor: number;
  /** What was cut off last; Ctrl-Y puts it back. */
  #killed = "";

  constructor(text = "") {
    this.#text = text;
    this.#cursor = text.length;
  }

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  insert(text: string): void {
    this.#text = this.before + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  /** Puts `text` in the place of everything from `from` to the cursor. */
  replace(from: number, text: string): void {
    this.#remove(from, this.#cursor);
    this.insert(text);
  }

  /** One of the actions below. */
  act(action: LineAction): void {
    actions[action](this);
  }

  move(to: number): void {
    this.#cursor = Math.max(0, Math.min(this.#text.length, to));
  }

  /** Cuts a part out and remembers it. */
  kill(from: number, to: number): void {
    if (from >= to) return;
    this.#killed = this.#text.slice(from, to);
    this.#remove(from, to);
  }

  erase(from: number, to: number): void {
    this.#remove(from, to);
  }

  yank(): void {
    this.insert(this.#killed);
  }

  /** Where the letter before the cursor begins. */
  get left(): number {
    const window = this.#text.slice(Math.max(0, this.#cursor - nearby), this.#cursor);
    const last = [...graphemes.segment(window)].at(-1)?.segment ?? "";
    return this.#cursor - last.length;
  }

  /** Where the letter behind the cursor ends. */
  get right(): number {
    const [first] = graphemes.segment(this.#text.slice(this.#cursor, this.#cursor + nearby));
    return this.#cursor + (first?.segment.length ?? 0);
  }

  get wordLeft(): number {
    return this.before.replace(/[^\s]*\s*$/, "").length;
  }

  get wordRight(): number {
    return this.#cursor + (/^\s*\S*/.exec(this.#text.slice(this.#cursor))?.[0].length ?? 0);
  }

  /** Where the line of the cursor begins and ends; a prompt may have several. */
  get lineStart(): number {
    return this.before.lastIndexOf("\n") + 1;
  }

  get lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#cursor);
    return end < 0 ? this.#text.length : end;
  }

  /** Goes a line up or down, staying in its column. False when there is none. */
  vertical(step: -1 | 1): boolean {
    const column = this.#cursor - this.lineStart;
    if (step < 0) {
      if (this.lineStart === 0) return false;
      const start = this.#text.lastIndexOf("\n", this.lineStart - 2) + 1;
      this.move(Math.min(start + column, this.lineStart - 1));
      return true;
    }
    if (this.lineEnd === this.#text.length) return false;
    const start = this.lineEnd + 1;
    const end = this.#text.indexOf("\n", start);
    this.move(Math.min(start + column, end < 0 ? this.#text.length : end));
    return true;
  }

  #remove(from: number, to: number): void {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#cursor = from;
  }
}

const actions = {
  left: (line: Line) => line.move(line.left),
  right: (line: Line) => line.move(line.right),
  "word-left": (line: Line) => line.move(line.wordLeft),
  "word-right": (line: Line) => line.move(line.wordRight),
  start: (line: Line) => line.move(line.lineStart),
  end: (line: Line) => line.move(line.lineEnd),
  backspace: (line: Line) => line.erase(line.left, line.cursor),
  delete: (line: Line) => line.erase(line.cursor, line.right),
  "kill-word-left": (line: Line) => line.kill(line.wordLeft, line.cursor),
  "kill-word-right": (line: Line) => line.kill(line.cursor, line.wordRight),
  "kill-to-start": (line: Line) => line.kill(line.lineStart, line.cursor),
  "kill-to-end": (line: Line) => line.kill(line.cursor, Math.max(line.lineEnd, line.right)),
  "kill-all": (line: Line) => line.kill(0, line.text.length),
  yank: (line: Line) => line.yank(),
} as const satisfies Record<string, (line: Line) => void>;
export type LineAction = keyof typeof actions;
