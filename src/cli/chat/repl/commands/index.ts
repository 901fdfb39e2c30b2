import { suggest } from "../../../suggest.ts";
import { type Outcome, said, type SlashCommand, type SlashCommands } from "./command.ts";
import { fileCommands } from "./files.ts";
import { settingsCommands } from "./settings.ts";
import { textCommands } from "./text.ts";
import { turnCommands } from "./turns.ts";

const commands: SlashCommands = {
  help: { help: "these commands and keys", act: () => said(helpText()) },
  ...settingsCommands,
  ...turnCommands,
  ...fileCommands,
  ...textCommands,
  exit: { aliases: ["quit"], help: "leave; so does Ctrl-D", act: () => ({ next: "leave" }) },
};

/** For Tab. */
export const commandNames: readonly string[] = Object.entries(commands)
  .flatMap(([name, { aliases = [] }]) => [name, ...aliases])
  .sort();

/**
 * Runs a slash command (cli.md 3.9): a line that starts with a slash and a word, or just `exit` or `quit`. Undefined for
 * anything else: a prompt. `//x` is the prompt `/x`, and so is what has a second slash in its first word: a path.
 */
export function slashCommand(line: string): { act: SlashCommand["act"]; rest: string } | undefined {
  const text = line.trim();
  const [, name = "", rest = ""] = /^\/([A-Za-z]\w*)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  const word = text === "exit" || text === "quit" ? text : name;
  if (word === "") return undefined;
  return { act: (find(word) ?? unknown(word)).act, rest };
}

function find(name: string): SlashCommand | undefined {
  if (Object.hasOwn(commands, name)) return commands[name];
  return Object.values(commands).find(({ aliases }) => aliases?.includes(name));
}

function unknown(name: string): SlashCommand {
  const near = suggest(name, commandNames);
  const meant = near.length === 0 ? "" : ` Did you mean ${near.map((one) => `/${one}`).join(" or ")}?`;
  const act = (): Outcome => said(`Unknown command /${name}. /help${meant}`);
  return { help: "", act };
}

function helpText(): string {
  const rows = Object.entries(commands).map(([name, { takes, help, aliases = [] }]): [string, string] => [
    [`/${name}`, ...aliases.map((alias) => `/${alias}`)].join(" ") + (takes === undefined ? "" : ` ${takes}`),
    help,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const keys = [
    "Alt-Enter, Ctrl-J, \\ and Enter  a new line      ↑ ↓, Ctrl-R  earlier prompts",
    "Ctrl-C, Esc  stop the answer, clear the line    Tab  complete    //x  send /x",
  ];
  return [...rows.map(([left, right]) => left.padEnd(width) + right), "", ...keys].join("\n");
}
