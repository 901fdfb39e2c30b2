/**
 * Cuts text down to its first balanced `{…}` while it streams (mapping B.6, prompt fallback). Text without any `{` is
 * given back at the end: an answer in words is better than none.
 */
export class FirstObject {
  #before = "";
  #depth = 0;
  #state: "before" | "inside" | "string" | "escape" | "after" = "before";

  /** The part of `text` that belongs to the object. */
  push(text: string): string {
    if (this.#state === "after") return "";
    let from = 0;
    if (this.#state === "before") {
      from = text.indexOf("{");
      if (from < 0) {
        this.#before += text;
        return "";
      }
      this.#before = "";
      this.#state = "inside";
    }
    for (let at = from; at < text.length; at++) {
      const char = text[at];
      if (this.#state === "escape") this.#state = "string";
      else if (this.#state === "string") {
        if (char === "\\") this.#state = "escape";
        else if (char === '"') this.#state = "inside";
      } else if (char === '"') this.#state = "string";
      else if (char === "{") this.#depth++;
      else if (char === "}" && --this.#depth === 0) {
        this.#state = "after";
        return text.slice(from, at + 1);
      }
    }
    return text.slice(from);
  }

  /** What was held back because no object came. */
  rest(): string {
    return this.#state === "before" ? this.#before : "";
  }
}

/** Takes one surrounding Markdown fence off (mapping B.6, json_object, whole answers only). */
export function withoutFence(text: string): string {
  const fenced = /^\s*```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?[ \t]*```\s*$/i.exec(text);
  return fenced?.[1] ?? text;
}
