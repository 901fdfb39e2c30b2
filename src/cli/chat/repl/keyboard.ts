import { writeSync } from "node:fs";
import { exits } from "../../failure.ts";
import { type Key, KeyDecoder } from "./keys.ts";

/** ms after which an Esc that nothing follows was the key Esc. Sequences come in one piece, over slow lines in two. */
const escMs = 40;
const hungUp = 129;

type Owner = {
  keys(keys: readonly Key[]): void;
  /** The terminal went away. */
  gone(): void;
  /** The program goes on after it was suspended, or its window has another size: what was painted is to be painted anew. */
  repaint(): void;
};

/**
 * A terminal in raw mode with bracketed paste. Nothing is read by a signal or line discipline: Ctrl-C and Ctrl-Z are
 * keys. However the program ends, but for SIGKILL, the terminal is left as it was found.
 */
export class Keyboard {
  readonly #stream: NodeJS.ReadStream;
  readonly #owner: Owner;
  /** Where marks are written that switch bracketed paste. */
  readonly #descriptor: number;
  readonly #decoder = new KeyDecoder();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #raw = false;
  #suspended = false;
  readonly #listeners: readonly (readonly [string, () => void])[];

  constructor(stream: NodeJS.ReadStream, descriptor: number, owner: Owner) {
    this.#stream = stream;
    this.#descriptor = descriptor;
    this.#owner = owner;
    const leave = (code: number) => (): void => {
      this.restore();
      process.exit(code);
    };
    this.#listeners = [
      ["exit", () => this.restore()],
      // Sent by others: in raw mode the terminal sends none.
      ["SIGINT", () => owner.keys([{ kind: "key", name: "ctrl-c" }])],
      ["SIGTERM", leave(exits.terminated)],
      ["SIGHUP", leave(hungUp)],
      // Windows has none.
      ...(process.platform === "win32" ? [] : [["SIGCONT", () => this.#goOn()] as const]),
      ["SIGWINCH", () => owner.repaint()],
    ];
    for (const [event, listener] of this.#listeners) process.on(event, listener);
    this.take();
  }

  /** Raw mode and listening. */
  take(): void {
    if (!this.#raw) {
      this.#stream.on("data", this.#read).on("end", this.#gone).on("error", this.#gone);
      this.#raw = true;
    }
    this.#stream.setRawMode(true);
    this.#stream.resume();
    this.#mark("\x1b[?2004h");
  }

  /** The terminal as it was found; nothing is read. */
  restore(): void {
    if (!this.#raw) return;
    this.#raw = false;
    this.#mark("\x1b[?2004l");
    this.#stream.off("data", this.#read).off("end", this.#gone).off("error", this.#gone);
    try {
      this.#stream.setRawMode(false);
    } catch {
      // It went away.
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.restore();
    this.#stream.pause();
    for (const [event, listener] of this.#listeners) process.off(event, listener);
  }

  /** Ctrl-Z: stops the whole job, as the terminal would have. */
  suspend(): void {
    if (process.platform === "win32") return;
    this.restore();
    this.#suspended = true;
    process.kill(0, "SIGTSTP");
    // Behind `fg`; or at once, where there is no shell that could wake it again and the system ignores the signal.
    setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    // Another program has the terminal.
    if (!this.#raw && !this.#suspended) return;
    this.#suspended = false;
    this.take();
    this.#owner.repaint();
  }

  readonly #read = (bytes: Uint8Array): void => {
    clearTimeout(this.#timer);
    this.#owner.keys(this.#decoder.push(bytes));
    if (this.#decoder.undecided) this.#timer = setTimeout(() => this.#owner.keys(this.#decoder.flush()), escMs);
  };

  readonly #gone = (): void => this.#owner.gone();

  /** At once: the process may be about to end. */
  #mark(text: string): void {
    try {
      writeSync(this.#descriptor, text);
    } catch {
      // It went away.
    }
  }
}
