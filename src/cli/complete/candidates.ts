import type { Command, Flag, Group } from "../command.ts";
import { globalFlags } from "../global-flags.ts";
import type { Candidate, Sources } from "./sources.ts";

/** What Tab offers: words with what they mean, or the shell's own file names. */
export type Offer = { words: readonly Candidate[]; files: boolean };

const nothing: Offer = { words: [], files: false };

/**
 * What may stand in the place of the last word, the words before it being what was typed behind the program's name. Read
 * from the table of commands, as parsing and help are: a new flag needs nothing here.
 */
export async function candidates(typed: readonly string[], program: Group, sources: Sources): Promise<Offer> {
  const words = [...typed];
  const current = words.pop() ?? "";
  const path: string[] = [];
  let node: Command | Group = program;
  let place = 0;
  let flag: Flag | undefined;
  for (const word of words) {
    if (flag !== undefined) {
      flag = undefined;
      continue;
    }
    // Behind it everything is a word of the prompt.
    if (word === "--") return nothing;
    if (word.startsWith("-") && word !== "-") flag = waiting(word, flagsOf(node));
    else if ("commands" in node) {
      const entry: Group["commands"][string] | undefined = Object.hasOwn(node.commands, word)
        ? node.commands[word]
        : Object.values(node.commands).find(({ aliases }) => aliases?.includes(word) === true);
      if (entry === undefined) return nothing;
      path.push(word);
      node = await entry.load();
    } else place += 1;
  }
  if (flag !== undefined) return valuesOf(flag, current, sources);
  const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && value !== undefined) {
    const own = flagsOf(node).find((one) => one.name === name || one.aliases?.includes(name) === true);
    if (own === undefined) return nothing;
    const { words: found, files } = await valuesOf(own, value, sources);
    return { words: found.map((one) => ({ ...one, word: `--${name}=${one.word}` })), files };
  }
  if (current.startsWith("-")) return starting(current, flagWords(flagsOf(node)));
  if ("commands" in node) return starting(current, commandWords(node));
  return sources.argument(path.join(" "), place).then((offer) => matching(current, offer));
}

function flagsOf(node: Command | Group): readonly Flag[] {
  return "commands" in node ? globalFlags : [...node.flags, ...globalFlags];
}

/** The flag whose value comes with the next word. */
function waiting(word: string, flags: readonly Flag[]): Flag | undefined {
  if (word.startsWith("--")) {
    const name = word.slice(2);
    return flags.find((flag) => takesValue(flag) && (flag.name === name || flag.aliases?.includes(name) === true));
  }
  // Of `-um` the last letter counts; of `-mgpt` the value is there.
  for (const [at, letter] of word.slice(1).split("").entries()) {
    const flag = flags.find(({ short }) => short === letter);
    if (flag === undefined) return undefined;
    if (takesValue(flag)) return at === word.length - 2 ? flag : undefined;
  }
  return undefined;
}

function takesValue({ type }: Flag): boolean {
  return type === "string" || type === "number" || type === "repeat";
}

async function valuesOf(flag: Flag, current: string, sources: Sources): Promise<Offer> {
  if (flag.choices !== undefined)
    return starting(
      current,
      flag.choices.map((word) => ({ word, meaning: "" })),
    );
  if (flag.value === "PATH") return { words: [], files: true };
  return matching(current, await sources.value(flag.name));
}

function flagWords(flags: readonly Flag[]): Candidate[] {
  return flags
    .filter(({ hidden }) => hidden !== true)
    .map(({ name, description }) => ({ word: `--${name}`, meaning: description }));
}

function commandWords({ commands }: Group): Candidate[] {
  return Object.entries(commands)
    .filter(([, { hidden }]) => hidden !== true)
    .map(([word, { summary }]) => ({ word, meaning: summary }));
}

function starting(current: string, words: readonly Candidate[]): Offer {
  return { words: words.filter(({ word }) => word.startsWith(current)), files: false };
}

function matching(current: string, offer: Offer): Offer {
  return { ...starting(current, offer.words), files: offer.files };
}
