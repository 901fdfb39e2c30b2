import type { Terminal } from "../terminal.ts";
import { usageError } from "../failure.ts";
import type { ChatFlags } from "./options.ts";
import { noPrompt } from "./prompt.ts";

type Manner = "once" | "conversation";

/** One answer or a conversation: the table of cli.md 3.2. Throws exit 2 where nothing could be asked. */
export function mannerOf(flags: ChatFlags, words: readonly string[], terminal: Terminal, noInput: boolean): Manner {
  const machine = flags.json || flags["json-stream"] || flags.extract || flags["extract-last"] || flags["dry-run"];
  if (flags.interactive) {
    if (machine) throw usageError("--interactive does not go with --json, --extract or --dry-run.");
    if (!terminal.out.isTTY || noInput) throw usageError("--interactive needs a terminal.");
    return "conversation";
  }
  const given = words.length > 0 || flags.file.length > 0;
  if (given || !terminal.stdinIsTTY) return "once";
  if (machine || noInput || !terminal.out.isTTY) throw noPrompt();
  return "conversation";
}
