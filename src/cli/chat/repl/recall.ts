/** Walks through earlier prompts; what was being typed comes back behind the newest. */
export class Recall {
  readonly #prompts: readonly string[];
  #at: number;
  #typed = "";

  constructor(prompts: readonly string[]) {
    this.#prompts = prompts;
    this.#at = prompts.length;
  }

  /** The next older prompt; undefined when there is none. `current` is what stands in the line. */
  older(current: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#prompts.length) this.#typed = current;
    this.#at -= 1;
    return this.#prompts[this.#at];
  }

  newer(): string | undefined {
    if (this.#at === this.#prompts.length) return undefined;
    this.#at += 1;
    return this.#prompts[this.#at] ?? this.#typed;
  }
}

/** Ctrl-R: the newest prompt that holds what is typed, then older ones. */
export class Search {
  readonly #prompts: readonly string[];
  readonly before: string;
  query = "";
  #at: number;

  /** `before` is the line as it was, for when nothing is chosen. */
  constructor(prompts: readonly string[], before: string) {
    this.#prompts = prompts;
    this.before = before;
    this.#at = prompts.length;
  }

  get match(): string | undefined {
    return this.#prompts[this.#at];
  }

  type(text: string): void {
    this.query += text;
    this.#find(this.#prompts.length - 1);
  }

  backspace(): void {
    this.query = this.query.slice(0, -1);
    this.#find(this.#prompts.length - 1);
  }

  older(): void {
    this.#find(this.#at - 1);
  }

  /** Stays where it is when there is nothing more. */
  #find(from: number): void {
    if (this.query === "") {
      this.#at = this.#prompts.length;
      return;
    }
    const wanted = this.query.toLowerCase();
    const found = this.#prompts.findLastIndex(
      (prompt, index) => index <= from && prompt.toLowerCase().includes(wanted),
    );
    if (found >= 0) this.#at = found;
    else if (!(this.match ?? "").toLowerCase().includes(wanted)) this.#at = this.#prompts.length;
  }
}
