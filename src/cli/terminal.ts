import { colorWish, pinColor } from "../config/color-environment.ts";
import { paint, type Paint } from "./paint.ts";

export type ColorMode = "auto" | "always" | "never";

/** One of the two streams a program writes to; nothing else in the project writes to the terminal. */
export type Output = {
  readonly isTTY: boolean;
  /** Width in cells; 80 where there is no terminal. */
  readonly columns: number;
  readonly color: boolean;
  readonly paint: Paint;
  /** The same stream for libraries that want one (clack, consola). */
  readonly stream: NodeJS.WriteStream;
  /** Writes text of our own. Await it when there is much to write: it waits for a slow reader. */
  write(text: string): Promise<void>;
  line(text?: string): Promise<void>;
  /** Writes text of others (a model, an upstream): as it is into a pipe, without control characters on a terminal. */
  untrusted(text: string): Promise<void>;
};

export type Terminal = {
  out: Output;
  err: Output;
  stdinIsTTY: boolean;
  /** Obeys `--color`; the flag beats the environment, the environment beats the look at the stream. */
  useColor(mode: ColorMode): void;
  /** Resolves when everything written has been taken; only then may the process end. */
  finish(): Promise<void>;
};

/** The process's own terminal. A reader of stdout that goes away ends the program with 0, as `| head -1` expects. */
export function openTerminal(): Terminal {
  const out = new Writer(process.stdout, () => process.exit(0));
  // Whoever closes stderr does not want to hear more; the work goes on.
  const err = new Writer(process.stderr, () => undefined);
  // Asked once: pinColor() changes what the environment says.
  const environmentWish = colorWish();
  return {
    out,
    err,
    stdinIsTTY: process.stdin.isTTY === true,
    useColor(mode) {
      const wish = mode === "auto" ? environmentWish : mode;
      for (const writer of [out, err]) writer.useColor(wish === "auto" ? writer.isTTY : wish === "always");
      pinColor(err.color);
    },
    async finish() {
      await out.drained();
      await err.drained();
    },
  };
}

/** More than a pipe holds. */
const highWater = 256 * 1024;

class Writer implements Output {
  readonly isTTY: boolean;
  readonly stream: NodeJS.WriteStream;
  color = false;
  paint: Paint = paint(false);
  #pending = 0;
  #waiting: (() => void)[] = [];

  constructor(stream: NodeJS.WriteStream, gone: () => void) {
    this.stream = stream;
    this.isTTY = stream.isTTY === true;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") gone();
    });
  }

  get columns(): number {
    return this.stream.columns || 80;
  }

  useColor(on: boolean): void {
    this.color = on;
    this.paint = paint(on);
  }

  async write(text: string): Promise<void> {
    if (text === "") return;
    this.#pending += text.length;
    // writableLength stays 0 in Bun 1.4.5 and an empty write calls back at once: only each write's own callback tells.
    this.stream.write(text, () => {
      this.#pending -= text.length;
      if (this.#pending === 0) for (const wake of this.#waiting.splice(0)) wake();
    });
    if (this.#pending > highWater) await this.drained();
  }

  line(text = ""): Promise<void> {
    return this.write(`${text}\n`);
  }

  untrusted(text: string): Promise<void> {
    return this.write(this.isTTY ? plain(text) : text);
  }

  drained(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((wake) => this.#waiting.push(wake));
  }
}

/**
 * Text without the control characters that could move the cursor, rename the window or answer for the user: C0 but
 * line break and tab, DEL, C1.
 */
export function plain(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}
