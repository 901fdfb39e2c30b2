import { command } from "../command.ts";
import { usageError } from "../failure.ts";
import { suggest } from "../suggest.ts";
import { plain } from "../terminal.ts";
import { candidates } from "./candidates.ts";
import { shells } from "./shells.ts";
import { personalSources } from "./sources.ts";

export const complete = command({
  name: "complete",
  summary: "Print a script for Tab completion",
  examples: [
    "source <(amazon-chat complete bash)",
    "amazon-chat complete fish > ~/.config/fish/completions/amazon-chat.fish",
  ],
  flags: [],
  args: [
    { name: "shell", description: "bash, zsh, fish or powershell", required: true },
    // What the scripts ask: the words behind the program's name, the last one unfinished.
    { name: "words", description: "For the scripts: complete words -- WORD… prints what may follow", many: true },
  ],
  notes: `It completes commands, options and their values, settings, sessions and model ids; the list of models is kept for a day.
zsh: source <(amazon-chat complete zsh) behind compinit. PowerShell: amazon-chat complete powershell | Out-String | Invoke-Expression`,
  async run({ args, terminal }) {
    const [shell = "", ...words] = args;
    if (shell === "words") {
      // Only now: the table of commands names this file.
      const { program } = await import("../registry.ts");
      const typed = words.map((word) => (word === '""' ? "" : word));
      const { words: found, files } = await candidates(typed, program, personalSources(typed.includes("--demo")));
      const lines = found.map(({ word, meaning }) => (meaning === "" ? word : `${word}\t${oneLine(meaning)}`));
      return terminal.out.write([...lines, ...(files ? [":files"] : [])].map((line) => `${line}\n`).join(""));
    }
    const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
    if (script === undefined || words.length > 0) {
      const [near] = suggest(shell, Object.keys(shells));
      throw usageError(
        script === undefined ? `There is no completion for "${shell}".` : `Unexpected argument "${words[0]}".`,
        near === undefined ? `There are: ${Object.keys(shells).join(", ")}.` : `Did you mean ${near}?`,
      );
    }
    return terminal.out.write(script);
  },
});

function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, " ");
}
