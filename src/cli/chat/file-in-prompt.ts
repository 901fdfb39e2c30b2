import { extname } from "node:path";
import { usageError } from "../failure.ts";
import { fenced } from "./fence.ts";
import { readBounded } from "./read-bounded.ts";
import { textOfBytes } from "./text-of-bytes.ts";

/** A text file as a named fenced block of the prompt (`-f`). Throws exit 2 for what cannot be read or is no text. */
export function fileInPrompt(path: string): string {
  const text = textOfBytes(readBounded(path));
  if (text === undefined) throw usageError(`${path} is no text file.`, `Attach it: -a ${path}`);
  return `${path}:\n${fenced(text.text, /^\.\w{1,12}$/.test(extname(path)) ? extname(path).slice(1) : "")}`;
}
