import type { Output } from "../../terminal.ts";
import { Editor } from "./editor.ts";
import type { Asked, Input, Question } from "./input.ts";
import { Keyboard } from "./keyboard.ts";
import type { Key } from "./keys.ts";
import { layout } from "./layout.ts";
import { Painter } from "./painter.ts";

type Prompt = {
  question: Question;
  editor: Editor;
  resolve: (asked: Asked) => void;
  /** Something looks for completions, or an editor is open: keys wait for it. */
  busy: Promise<unknown> | undefined;
};

/**
 * Prompts with the keys of cli.md 3.9. The keyboard is read all the time: between two prompts, what is typed is kept for
 * the next one (a closed or paused reader would swallow Ctrl-C, cli.md 4.4).
 */
export class RawInput implements Input {
  readonly prefills = true;
  readonly #output: Output;
  readonly #stream: NodeJS.ReadStream;
  readonly #keyboard: Keyboard;
  readonly #painter: Painter;
  #ahead: Key[] = [];
  #prompt: Prompt | undefined;
  #stop: (() => void) | undefined;
  #isGone = false;
  #isLent = false;

  constructor(stream: NodeJS.ReadStream, output: Output, descriptor: number) {
    this.#stream = stream;
    this.#output = output;
    this.#painter = new Painter(
      (text) => void output.write(text),
      () => output.columns,
    );
    this.#keyboard = new Keyboard(stream, descriptor, {
      keys: (keys) => this.#take(keys),
      gone: () => {
        this.#isGone = true;
        this.#stop?.();
        this.#answer({ kind: "closed" });
      },
      repaint: () => this.#paint(),
    });
  }

  ask(question: Question): Promise<Asked> {
    if (this.#isGone) return Promise.resolve({ kind: "closed" });
    return new Promise((resolve) => {
      const { prompt, text, prompts, hold } = question;
      this.#prompt = { question, editor: new Editor({ prompt, text, prompts }), resolve, busy: undefined };
      this.#paint();
      const ahead = this.#ahead.splice(0);
      // A text that came back is not mixed with what was typed for another moment.
      if (hold && text !== "" && ahead.some((key) => key.kind !== "key")) this.#prompt.editor.line.set("");
      this.#take(hold ? ahead.map(withoutSending) : ahead);
    });
  }

  whileAnswering(stop: () => void): () => void {
    this.#stop = stop;
    return () => {
      this.#stop = undefined;
    };
  }

  async lend<T>(work: (stream: NodeJS.ReadStream) => Promise<T>): Promise<T> {
    if (this.#prompt !== undefined) this.#painter.leave();
    this.#isLent = true;
    this.#keyboard.restore();
    try {
      return await work(this.#stream);
    } finally {
      this.#isLent = false;
      this.#keyboard.take();
      this.#paint();
    }
  }

  close(): void {
    this.#keyboard.close();
  }

  #take(keys: readonly Key[]): void {
    let painted = true;
    for (const key of keys) {
      if (this.#prompt === undefined || this.#prompt.busy !== undefined) this.#aside(key);
      else painted = !this.#press(this.#prompt, key);
    }
    if (!painted) this.#paint();
  }

  /** A key while no prompt takes it. */
  #aside(key: Key): void {
    const name = key.kind === "key" ? key.name : "";
    if (this.#prompt !== undefined && name === "ctrl-c") return this.#goOn(this.#prompt);
    if (name === "ctrl-z") this.#keyboard.suspend();
    else if (this.#stop !== undefined && (name === "ctrl-c" || name === "escape")) this.#stop();
    else this.#ahead.push(key);
  }

  /** True when the prompt has to be painted; false when it was, or is gone. */
  #press(prompt: Prompt, key: Key): boolean {
    const { editor, question } = prompt;
    const effect = editor.press(key);
    switch (effect) {
      case undefined:
        return true;
      case "submit":
        this.#answer({ kind: "text", text: editor.line.text });
        return false;
      case "interrupt":
        this.#answer({ kind: "interrupted" });
        return false;
      case "end":
        this.#answer({ kind: "closed" });
        return false;
      case "suspend":
        this.#paint();
        this.#painter.leave();
        this.#keyboard.suspend();
        return false;
      case "clear-screen":
        this.#painter.clearScreen();
        return true;
      case "edit":
        this.#paint();
        this.#wait(
          prompt,
          this.lend(() => question.edit(editor.line.text)),
          (text) => editor.line.set(text),
        );
        return false;
      case "complete":
        this.#wait(prompt, question.complete(editor.line.before), (completion) => editor.complete(completion));
        return true;
      default:
        effect satisfies never;
        return false;
    }
  }

  /** Keys wait until the work is done, or Ctrl-C gives it up. */
  #wait<T>(prompt: Prompt, work: Promise<T>, change: (result: T) => void): void {
    prompt.busy = work;
    const finish = async (): Promise<void> => {
      const result = await work.catch(() => undefined);
      // Given up, or for a prompt that is gone.
      if (prompt.busy !== work) return;
      if (result !== undefined) change(result);
      this.#goOn(prompt);
    };
    void finish();
  }

  #goOn(prompt: Prompt): void {
    prompt.busy = undefined;
    if (this.#prompt !== prompt) return;
    this.#paint();
    this.#take(this.#ahead.splice(0));
  }

  #answer(asked: Asked): void {
    const prompt = this.#prompt;
    if (prompt === undefined) return;
    prompt.editor.line.move(prompt.editor.line.text.length);
    this.#paint();
    this.#prompt = undefined;
    this.#painter.leave();
    prompt.resolve(asked);
  }

  #paint(): void {
    if (this.#prompt === undefined || this.#isLent) return;
    const { columns, stream } = this.#output;
    this.#painter.paint(layout(this.#prompt.editor.shown, columns, stream.rows || 24));
  }
}

function withoutSending(key: Key): Key {
  return key.kind === "key" && key.name === "enter" ? { kind: "key", name: "newline" } : key;
}
