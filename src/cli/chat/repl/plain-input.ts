import { exits } from "../../failure.ts";
import type { Output } from "../../terminal.ts";
import type { Asked, Input, Question } from "./input.ts";

const hungUp = 129;

/** Prompts for a terminal whose cursor cannot go back (`TERM=dumb`): whole lines, as the terminal itself edits them. */
export class PlainInput implements Input {
  readonly prefills = false;
  readonly #stream: NodeJS.ReadStream;
  readonly #output: Output;
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #rest = "";
  #isGone = false;
  #stop: (() => void) | undefined;
  #resolve: ((asked: Asked) => void) | undefined;
  readonly #listeners: readonly (readonly [string, () => void])[];

  constructor(stream: NodeJS.ReadStream, output: Output) {
    this.#stream = stream;
    this.#output = output;
    this.#listeners = [
      ["SIGINT", () => this.#interrupted()],
      ["SIGTERM", () => process.exit(exits.terminated)],
      ["SIGHUP", () => process.exit(hungUp)],
    ];
    for (const [event, listener] of this.#listeners) process.on(event, listener);
    this.#listen();
  }

  async ask({ prompt }: Question): Promise<Asked> {
    await this.#output.write(prompt);
    let text = "";
    for (;;) {
      const asked = await this.#next();
      if (asked.kind !== "text") return asked;
      // The only way to a second line here.
      if (!asked.text.endsWith("\\")) return { kind: "text", text: text + asked.text };
      text += `${asked.text.slice(0, -1)}\n`;
      await this.#output.write(". ");
    }
  }

  whileAnswering(stop: () => void): () => void {
    this.#stop = stop;
    return () => {
      this.#stop = undefined;
    };
  }

  async lend<T>(work: (stream: NodeJS.ReadStream) => Promise<T>): Promise<T> {
    this.#stream.off("data", this.#read).off("end", this.#gone).pause();
    try {
      return await work(this.#stream);
    } finally {
      this.#listen();
    }
  }

  close(): void {
    this.#stream.off("data", this.#read).off("end", this.#gone).pause();
    for (const [event, listener] of this.#listeners) process.off(event, listener);
  }

  #listen(): void {
    this.#stream.on("data", this.#read).on("end", this.#gone).on("error", this.#gone).resume();
  }

  #next(): Promise<Asked> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve({ kind: "text", text: line });
    if (this.#isGone) return Promise.resolve({ kind: "closed" });
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  readonly #read = (bytes: Uint8Array): void => {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines);
    if (this.#resolve !== undefined && this.#lines.length > 0) {
      this.#settle({ kind: "text", text: this.#lines.shift() ?? "" });
    }
  };

  readonly #gone = (): void => {
    this.#isGone = true;
    this.#stop?.();
    this.#settle({ kind: "closed" });
  };

  #interrupted(): void {
    if (this.#stop !== undefined) this.#stop();
    else this.#settle({ kind: "interrupted" });
  }

  #settle(asked: Asked): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(asked);
  }
}
