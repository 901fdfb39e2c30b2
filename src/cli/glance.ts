import type { ColorMode } from "./terminal.ts";

/** What a failure's report obeys even when the arguments could not be understood. */
export type Glance = { json: boolean; verbose: number; color: ColorMode };

/** A first look at the arguments that knows no command's table; what parsing finds out later stands above it. */
export function glance(argv: readonly string[]): Glance {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  return { json: words.includes("--json"), verbose: verbosity(words), color: colorMode(words) };
}

function verbosity(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (word === "--verbose" ? 1 : /^-v+$/.test(word) ? word.length - 1 : 0), 0);
}

function colorMode(words: readonly string[]): ColorMode {
  if (words.includes("--no-color")) return "never";
  const at = words.findLastIndex((word) => word === "--color" || word.startsWith("--color="));
  const value = words[at] === "--color" ? words[at + 1] : words[at]?.slice("--color=".length);
  return value === "always" || value === "never" ? value : "auto";
}
