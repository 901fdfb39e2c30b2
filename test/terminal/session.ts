import { Screen } from "./screen.ts";

/** Keys as a terminal sends them. */
export const keys = {
  enter: "\r",
  escape: "\x1b",
  up: "\x1b[A",
  down: "\x1b[B",
  left: "\x1b[D",
  right: "\x1b[C",
  space: " ",
  tab: "\t",
  backspace: "\x7f",
  interrupt: "\x03",
  end: "\x04",
  suspend: "\x1a",
  search: "\x12",
  altEnter: "\x1b\r",
} as const;

type Options = { env?: Record<string, string>; cwd?: string; columns?: number; rows?: number; patience?: number };

/** A program in a real pseudo-terminal, driven key by key. */
export class Session {
  readonly screen: Screen;
  /** Every byte it wrote, for canaries. */
  raw = "";
  readonly #child: Bun.Subprocess;
  readonly #patience: number;
  #changed: (() => void)[] = [];

  constructor(command: string[], { env = {}, cwd, columns = 100, rows = 40, patience = 10_000 }: Options = {}) {
    this.screen = new Screen(columns, rows);
    this.#patience = patience;
    const decoder = new TextDecoder();
    this.#child = Bun.spawn(command, {
      ...(cwd !== undefined && { cwd }),
      env: { PATH: process.env["PATH"] ?? "", TERM: "xterm-256color", LANG: "C.UTF-8", HOME: "/nonexistent", ...env },
      terminal: {
        cols: columns,
        rows,
        data: (_, bytes) => {
          const text = decoder.decode(bytes, { stream: true });
          this.raw += text;
          this.screen.write(text);
          for (const wake of this.#changed.splice(0)) wake();
        },
      },
    });
    void this.#child.exited.then(() => {
      for (const wake of this.#changed.splice(0)) wake();
    });
  }

  send(text: string): void {
    this.#child.terminal?.write(text);
  }

  /** Another size of the window; the program gets SIGWINCH. */
  resize(columns: number, rows: number): void {
    this.screen.columns = columns;
    this.screen.rows = rows;
    this.#child.terminal?.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The window is closed. */
  hangUp(): void {
    this.#child.terminal?.close();
  }

  /** Waits until the screen shows a text. Throws with the screen when it does not come or the program has ended. */
  async shows(text: string | RegExp): Promise<string> {
    const deadline = performance.now() + this.#patience;
    for (;;) {
      const shown = this.screen.text();
      if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return shown;
      const left = deadline - performance.now();
      if (left <= 0 || this.#child.exitCode !== null) throw new Error(`The screen does not show ${text}:\n${shown}`);
      await Promise.race([new Promise<void>((wake) => this.#changed.push(wake)), Bun.sleep(left)]);
    }
  }

  /** Waits for a text, then types. */
  async on(text: string | RegExp, ...typed: string[]): Promise<void> {
    await this.shows(text);
    for (const one of typed) this.send(one);
  }

  /** The exit code, once it has ended by itself. */
  async ended(): Promise<number> {
    const code = await Promise.race([this.#child.exited, Bun.sleep(this.#patience).then(() => undefined)]);
    if (code === undefined) {
      this.#child.kill(9);
      throw new Error(`The program does not end:\n${this.screen.text()}`);
    }
    // What it wrote last may still be in the terminal's buffer.
    await Bun.sleep(0);
    this.#child.terminal?.close();
    return code;
  }
}
