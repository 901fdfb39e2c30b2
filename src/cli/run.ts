import { pinColor } from "../config/color-environment.ts";
import type { Command, Context, Entry, Flag, Group, Values } from "./command.ts";
import { exits, usageError } from "./failure.ts";
import { globalFlags, type GlobalFlag } from "./global-flags.ts";
import { glance } from "./glance.ts";
import { firstWord, mentions, parse } from "./parse.ts";
import { reportFailure } from "./report-failure.ts";
import { Interruption } from "./signals.ts";
import { suggest } from "./suggest.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Runs what was typed and returns the exit code when everything written has been taken. Never throws. */
export async function run(argv: readonly string[], program: Group): Promise<number> {
  const terminal = openTerminal();
  const seen = glance(argv);
  terminal.useColor(seen.color);
  const interruption = new Interruption();
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
  const path = [program.name];
  const stray = (thrown: unknown): void => {
    void reportFailure(thrown, terminal, { path, ...seen }).then((code) => process.exit(code));
  };
  // What nobody awaited would be printed by the runtime, with its stack.
  process.on("uncaughtException", stray).on("unhandledRejection", stray);
  let exit: number;
  try {
    exit = await dispatch(words, path, program, terminal, interruption);
  } catch (thrown) {
    exit = interruption.exit ?? (await reportFailure(thrown, terminal, { path, ...seen }));
  }
  await terminal.finish();
  return interruption.exit ?? exit;
}

/** Walks down to the command that the words name; `words` loses them, `path` gains them. */
async function dispatch(
  words: string[],
  path: string[],
  program: Group,
  terminal: Terminal,
  interruption: Interruption,
): Promise<number> {
  let node: Command | Group = program;
  while ("commands" in node) {
    const first = firstWord(words, globalFlags);
    if (first === undefined) break;
    const [name, entry] = entryOf(node, first.word, path);
    words.splice(first.index, 1);
    path.push(name);
    node = await entry.load();
  }
  const flags: readonly Flag[] = "commands" in node ? globalFlags : [...globalFlags, ...node.flags];
  if (mentions(words, flags, "help")) return showHelp(path, node, terminal);
  if (mentions(words, flags, "version")) return terminal.out.line(version).then(() => exits.ok);
  const parsed = parse(words, flags, "commands" in node ? [] : node.args);
  // The tables above are what the types are made of.
  const global = parsed.flags as Values<readonly GlobalFlag[]>;
  terminal.useColor(global["no-color"] ? "never" : global.color);
  const context: Context<readonly Flag[]> = {
    flags: parsed.flags as Values<readonly Flag[]>,
    args: parsed.args,
    global,
    terminal,
    interrupt: () => interruption.listen(),
  };
  if (!("commands" in node)) return (await node.run(context)) ?? exits.ok;
  const instead = terminal.out.isTTY ? await node.bare?.(global) : undefined;
  if (instead === undefined) return showHelp(path, node, terminal);
  await terminal.out.write(instead);
  return exits.ok;
}

async function showHelp(path: readonly string[], node: Command | Group, terminal: Terminal): Promise<number> {
  // Help goes to stdout, and citty looks at the environment when it is imported.
  pinColor(terminal.out.color);
  const { help } = await import("./help.ts");
  await terminal.out.write(await help(path, node, terminal.out.color));
  return exits.ok;
}

/** The command of a name or alias. Object.hasOwn, because `amazon-chat constructor` is no command (cli.md 4.1). */
function entryOf(group: Group, word: string, path: readonly string[]): [string, Entry] {
  const own = Object.hasOwn(group.commands, word) ? group.commands[word] : undefined;
  if (own !== undefined) return [word, own];
  for (const [name, entry] of Object.entries(group.commands)) {
    if (entry.aliases?.includes(word) === true) return [name, entry];
  }
  const near = suggest(word, Object.keys(group.commands));
  const hint = near.length === 0 ? [] : [`Did you mean ${near.map((name) => [...path, name].join(" ")).join(" or ")}?`];
  throw usageError(`Unknown command "${word}".`, ...hint);
}
