/** What a person did at the keyboard. Names are `enter`, `up`, `ctrl-a`, `alt-b`, `shift-tab`, `newline`, … */
export type Key = { kind: "text" | "paste"; text: string } | { kind: "key"; name: string };

const escape = "\x1b";
const pasteStart = "\x1b[200~";
const pasteEnd = "\x1b[201~";

const byFinal: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "shift-tab",
};
const byNumber: Readonly<Record<string, string>> = { 1: "home", 3: "delete", 4: "end", 7: "home", 8: "end" };
const byControl: Readonly<Record<string, string>> = {
  "\r": "enter",
  // Ctrl-J; a terminal never sends it for Enter in raw mode.
  "\n": "newline",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
};

/**
 * Cuts what a terminal in raw mode sends into keys, however it is split. A paste between the marks of bracketed paste is
 * one key, whatever it holds.
 */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #paste: string[] | undefined;

  /** True while something is open that only more bytes, or `flush()` after some silence, can tell: a lone Esc. */
  get undecided(): boolean {
    return this.#paste === undefined && this.#rest !== "";
  }

  push(bytes: Uint8Array): Key[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.#rest !== "" && this.#next(keys));
    return keys;
  }

  /** Nothing more came: an Esc was the key Esc. Half a sequence is thrown away. */
  flush(): Key[] {
    if (!this.undecided) return [];
    const alone = this.#rest === escape;
    this.#rest = "";
    return alone ? [{ kind: "key", name: "escape" }] : [];
  }

  /** Takes one key off; false when more is needed. */
  #next(keys: Key[]): boolean {
    if (this.#paste !== undefined) return this.#inPaste(this.#paste, keys);
    const text = /^[^\0-\x1f\x7f]+/.exec(this.#rest)?.[0];
    if (text !== undefined) return this.#take(text.length, { kind: "text", text }, keys);
    if (!this.#rest.startsWith(escape)) return this.#take(1, named(controlName(this.#rest.charAt(0))), keys);
    if (this.#rest.startsWith(pasteStart)) {
      this.#paste = [];
      return this.#take(pasteStart.length, undefined, keys);
    }
    return this.#sequence(keys);
  }

  #sequence(keys: Key[]): boolean {
    const [csi, digits = "", final = ""] = /^\x1b\[[<=>?]?([\d;:]*)[ -/]*([@-~])/.exec(this.#rest) ?? [];
    if (csi !== undefined) return this.#take(csi.length, csiKey(digits, final), keys);
    const [ss3, letter = ""] = /^\x1bO([A-Za-z])/.exec(this.#rest) ?? [];
    if (ss3 !== undefined) return this.#take(ss3.length, named(letter === "M" ? "enter" : byFinal[letter]), keys);
    if (/^\x1b(?:$|\[[<=>?]?[\d;:]*[ -/]*$|O$)/.test(this.#rest)) return false;
    // Two of them: the first was Esc itself.
    if (this.#rest.startsWith(escape, 1)) return this.#take(1, named("escape"), keys);
    const character = String.fromCodePoint(this.#rest.codePointAt(1) ?? 0);
    return this.#take(1 + character.length, named(altName(character)), keys);
  }

  #inPaste(pieces: string[], keys: Key[]): boolean {
    const end = this.#rest.indexOf(pasteEnd);
    if (end < 0) {
      // The mark may be split: as much as could be its start stays.
      const kept = this.#rest.lastIndexOf(escape);
      const cut = kept >= 0 && this.#rest.length - kept < pasteEnd.length ? kept : this.#rest.length;
      pieces.push(this.#rest.slice(0, cut));
      this.#rest = this.#rest.slice(cut);
      return false;
    }
    const text = pieces.join("") + this.#rest.slice(0, end);
    this.#paste = undefined;
    return this.#take(end + pasteEnd.length, { kind: "paste", text: text.replace(/\r\n?/g, "\n") }, keys);
  }

  #take(length: number, key: Key | undefined, keys: Key[]): true {
    this.#rest = this.#rest.slice(length);
    if (key !== undefined) keys.push(key);
    return true;
  }
}

function named(name: string | undefined): Key | undefined {
  return name === undefined ? undefined : { kind: "key", name };
}

function controlName(character: string): string {
  const code = character.charCodeAt(0);
  return byControl[character] ?? `ctrl-${String.fromCharCode(code + (code < 27 ? 96 : 64))}`;
}

function altName(character: string): string {
  // Alt-Enter (cli.md 3.9).
  if (character === "\r" || character === "\n") return "newline";
  if (character === "\x7f" || character === "\b") return "alt-backspace";
  return `alt-${character.toLowerCase()}`;
}

/** Undefined for what means nothing here: focus, mouse, function keys. */
function csiKey(digits: string, final: string): Key | undefined {
  const [number = "", modifier = "1"] = digits.split(/[;:]/);
  const held = Number(modifier) - 1;
  // Shift-Enter and its like, as kitty (CSI u) and xterm (CSI 27;m;13 ~) send them.
  if (final === "u") return number === "13" ? named(held > 0 ? "newline" : "enter") : kittyKey(number, held);
  if (final === "~" && number === "27") return digits.endsWith(";13") ? named("newline") : undefined;
  const name = final === "~" ? byNumber[number] : byFinal[final];
  if (name === undefined) return undefined;
  // Ctrl or Alt with an arrow goes by words.
  const byWord = (held & 6) !== 0 && (name === "left" || name === "right");
  return named(byWord ? `word-${name}` : name);
}

function kittyKey(number: string, held: number): Key | undefined {
  if (number === "27") return named("escape");
  if (number === "9") return named((held & 1) !== 0 ? "shift-tab" : "tab");
  if (number === "127") return named((held & 6) !== 0 ? "alt-backspace" : "backspace");
  const letter = String.fromCodePoint(Number(number) || 0);
  if (!/^[a-z]$/.test(letter)) return undefined;
  return (held & 4) !== 0 ? named(`ctrl-${letter}`) : (held & 2) !== 0 ? named(`alt-${letter}`) : undefined;
}
