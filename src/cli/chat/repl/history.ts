import { appendFileSync, chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../../config/write-file.ts";
import { parseJson } from "../../../core/json.ts";
import { looksSecret } from "./secret-looking.ts";

/** Prompts that are kept. */
const most = 1_000;
/** Characters of the longest prompt that is kept: a pasted book is no line to be typed again. */
const longest = 20_000;

/**
 * The prompts of a person, oldest first, in `prompt_history` of the state folder: a JSON string a line, because a prompt
 * may have several lines. 0600. A prompt that starts with a blank, as in a shell, or seems to hold a secret, is
 * remembered for this run only.
 */
export class History {
  readonly #folder: string | undefined;
  readonly #path: string;
  readonly #prompts: string[];

  /** `folder` undefined: nothing is read or written (--no-save). */
  constructor(folder: string | undefined) {
    this.#folder = folder;
    this.#path = join(folder ?? "", "prompt_history");
    this.#prompts = folder === undefined ? [] : this.#read();
  }

  get prompts(): readonly string[] {
    return this.#prompts;
  }

  /** Prompts of a session that is gone on with: they come up first. */
  recall(prompts: readonly string[]): void {
    for (const prompt of prompts) this.#remember(prompt);
  }

  add(prompt: string): void {
    if (prompt.trim() === "") return;
    const again = this.#prompts.at(-1) === prompt;
    this.#remember(prompt);
    if (this.#folder === undefined || again) return;
    if (/^\s/.test(prompt) || prompt.length > longest || looksSecret(prompt)) return;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // One write at the end of the file: two conversations at once do not tear each other's lines.
      appendFileSync(this.#path, `${JSON.stringify(prompt)}\n`, { mode: 0o600 });
    } catch {
      // A convenience: nobody wants to hear about it after each prompt.
    }
  }

  #remember(prompt: string): void {
    const known = this.#prompts.indexOf(prompt);
    if (known >= 0) this.#prompts.splice(known, 1);
    this.#prompts.push(prompt);
  }

  #read(): string[] {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch {
      return [];
    }
    const lines = text.split("\n").slice(0, -1);
    const prompts = lines.flatMap((line) => {
      const prompt = parseJson(line);
      return typeof prompt === "string" ? [prompt] : [];
    });
    // A prompt that came back stands where it was typed last.
    const kept = [...new Set(prompts.toReversed())].slice(0, most).toReversed();
    try {
      if (lines.length > most * 2) {
        writeWhole(this.#path, kept.map((prompt) => `${JSON.stringify(prompt)}\n`).join(""), false);
      } else chmodSync(this.#path, 0o600);
    } catch {
      // It stays as long as it is.
    }
    return kept;
  }
}
