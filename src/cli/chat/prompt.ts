import { usageError } from "../failure.ts";

export type StdinUse = "context" | "prompt" | "attachment";

/** What to ask when nothing was given (cli.md 3.2). */
export function noPrompt(): Error {
  return usageError("No prompt. Pass one, or pipe it: echo hi | amazon-chat chat");
}

/**
 * Joins the typed words and the piped text (cli.md 3.2): the piped text first and between tags, the words behind it,
 * unless a word `-` marks its place. `piped` is undefined when nothing was piped.
 */
export function joinPrompt(words: readonly string[], piped: string | undefined, use: StdinUse): string {
  const input = piped?.replace(/(?:\r?\n)+$/, "");
  if (words.includes("-")) {
    const place = words.indexOf("-");
    const around = [words.slice(0, place).join(" "), input ?? "", words.slice(place + 1).join(" ")];
    return around.filter((part) => part.trim() !== "").join("\n\n");
  }
  const typed = words.join(" ");
  if (input === undefined || input.trim() === "") return typed;
  if (typed.trim() === "") return input;
  return use === "prompt" ? `${input}\n\n${typed}` : `<stdin>\n${input}\n</stdin>\n\n${typed}`;
}
