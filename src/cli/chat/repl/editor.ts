import { plain } from "../../terminal.ts";
import type { Completion } from "./completion.ts";
import type { Key } from "./keys.ts";
import type { Shown } from "./layout.ts";
import { Line, type LineAction } from "./line.ts";
import { Recall, Search } from "./recall.ts";

/** What a key asks of whoever owns the terminal; what it does to the text alone has happened already. */
export type Effect = "submit" | "interrupt" | "end" | "suspend" | "clear-screen" | "edit" | "complete";

const lineActions: Readonly<Record<string, LineAction>> = {
  left: "left",
  "ctrl-b": "left",
  right: "right",
  "ctrl-f": "right",
  "word-left": "word-left",
  "alt-b": "word-left",
  "word-right": "word-right",
  "alt-f": "word-right",
  home: "start",
  "ctrl-a": "start",
  end: "end",
  "ctrl-e": "end",
  backspace: "backspace",
  delete: "delete",
  "ctrl-w": "kill-word-left",
  "alt-backspace": "kill-word-left",
  "alt-d": "kill-word-right",
  "ctrl-u": "kill-to-start",
  "ctrl-k": "kill-to-end",
  "ctrl-y": "yank",
};

/** The keys of a prompt (cli.md 3.9), without a terminal: keys in, a text with a cursor and now and then an effect out. */
export class Editor {
  readonly line: Line;
  readonly #prompt: string;
  readonly #prompts: readonly string[];
  readonly #recall: Recall;
  #search: Search | undefined;
  /** Ctrl-X was pressed: the next key belongs to it. */
  #chord = false;
  #below: readonly string[] = [];

  constructor({ prompt, text, prompts }: { prompt: string; text: string; prompts: readonly string[] }) {
    this.#prompt = prompt;
    this.#prompts = prompts;
    this.#recall = new Recall(prompts);
    this.line = new Line(text);
  }

  get shown(): Shown {
    const { text, cursor } = this.line;
    if (this.#search === undefined) return { prompt: this.#prompt, text, cursor, below: this.#below };
    const { query, match = "" } = this.#search;
    const at = Math.max(0, match.toLowerCase().indexOf(query.toLowerCase()));
    return { prompt: `(search: ${query}) `, text: match, cursor: at, below: [] };
  }

  press(key: Key): Effect | undefined {
    this.#below = [];
    if (this.#search !== undefined) return this.#inSearch(this.#search, key);
    if (key.kind !== "key") {
      this.#chord = false;
      this.line.insert(plain(key.text));
      return undefined;
    }
    const chord = this.#chord;
    this.#chord = key.name === "ctrl-x";
    if (chord && (key.name === "ctrl-e" || this.#chord)) return key.name === "ctrl-e" ? "edit" : undefined;
    return this.#named(key.name);
  }

  /** Takes what Tab found: the common start of the candidates, and their list where it does not decide. */
  complete({ from, candidates }: Completion): void {
    const [first] = candidates;
    if (first === undefined) return;
    const typed = this.line.before.slice(from);
    const [only] = candidates.length === 1 ? candidates : [];
    // A folder goes on.
    const found = only === undefined ? commonStart(candidates) : `${only}${only.endsWith("/") ? "" : " "}`;
    if (found.length > typed.length && found.toLowerCase().startsWith(typed.toLowerCase())) {
      this.line.replace(from, found);
    } else if (only !== undefined) this.line.replace(from, found);
    if (only === undefined) this.#below = inColumns(candidates);
  }

  #named(name: string): Effect | undefined {
    const action = Object.hasOwn(lineActions, name) ? lineActions[name] : undefined;
    if (action !== undefined) {
      this.line.act(action);
      return undefined;
    }
    switch (name) {
      case "enter":
        if (!this.line.before.endsWith("\\") || this.line.cursor !== this.line.lineEnd) return "submit";
        this.line.act("backspace");
        this.line.insert("\n");
        return undefined;
      case "newline":
        this.line.insert("\n");
        return undefined;
      case "tab":
        return "complete";
      case "ctrl-c":
      case "escape":
        if (this.line.text === "") return name === "ctrl-c" ? "interrupt" : undefined;
        // Ctrl-Y brings back what was cleared by mistake.
        this.line.act("kill-all");
        return undefined;
      case "ctrl-d":
        if (this.line.text === "") return "end";
        this.line.act("delete");
        return undefined;
      case "ctrl-l":
        return "clear-screen";
      case "ctrl-z":
        return "suspend";
      case "up":
      case "ctrl-p":
        if (!this.line.vertical(-1)) this.#set(this.#recall.older(this.line.text));
        return undefined;
      case "down":
      case "ctrl-n":
        if (!this.line.vertical(1)) this.#set(this.#recall.newer());
        return undefined;
      case "ctrl-r":
        this.#search = new Search(this.#prompts, this.line.text);
        return undefined;
      default:
        return undefined;
    }
  }

  #inSearch(search: Search, key: Key): Effect | undefined {
    if (key.kind !== "key") {
      search.type(plain(key.text).replaceAll(/\s/g, " "));
      return undefined;
    }
    if (key.name === "ctrl-r") search.older();
    else if (key.name === "backspace") search.backspace();
    else {
      this.#search = undefined;
      const given = key.name === "ctrl-c" || key.name === "ctrl-g";
      this.line.set(given ? search.before : (search.match ?? search.before));
      if (key.name === "enter") return search.match === undefined ? undefined : "submit";
      if (!given && key.name !== "escape" && key.name !== "tab") return this.#named(key.name);
    }
    return undefined;
  }

  #set(text: string | undefined): void {
    if (text !== undefined) this.line.set(text);
  }
}

function commonStart(words: readonly string[]): string {
  const [first = ""] = words;
  let length = first.length;
  for (const word of words) while (!word.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

/** Candidates side by side, as many as a row of 76 cells takes. */
function inColumns(words: readonly string[]): string[] {
  const width = Math.max(...words.map((word) => Bun.stringWidth(word))) + 2;
  const each = Math.max(1, Math.floor(76 / width));
  const rows: string[] = [];
  for (let at = 0; at < words.length; at += each) {
    const row = words.slice(at, at + each).map((word) => word + " ".repeat(width - Bun.stringWidth(word)));
    rows.push(row.join("").trimEnd());
  }
  return rows;
}
