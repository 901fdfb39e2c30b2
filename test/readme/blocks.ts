import { join } from "node:path";

export const root = join(import.meta.dir, "../..");
export const readme = await Bun.file(join(root, "README.md")).text();

/** One fenced block of the README. */
export type Block = {
  language: string;
  /** The rest of the line behind the language: `runnable shows="Hello!"`. */
  info: string;
  text: string;
  /** Line of the fence, as editors count. */
  line: number;
};

export const blocks: readonly Block[] = [...readme.matchAll(/^([ ]*)```(\w+)([^\n]*)\n([\s\S]*?)\n\1```$/gm)].map(
  ({ 1: indent = "", 2: language = "", 3: info = "", 4: text = "", index }) => ({
    language,
    info: info.trim(),
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    line: readme.slice(0, index).split("\n").length,
  }),
);
