import { parseArgs } from "node:util";
import type { Argument, Flag, FlagValue } from "./command.ts";
import { usageError } from "./failure.ts";
import { suggest } from "./suggest.ts";

// citty and util.parseArgs both accept unknown flags, keep only the last of a repeated one and forgive a missing value
// (cli.md 4.1). parseArgs at least reports its tokens; everything a person can get wrong is decided over those here.

type Token = { index: number } & (
  | { kind: "flag"; flag: Flag | undefined; typed: string; value: string | undefined; inline: boolean }
  | { kind: "word"; value: string }
);

export type Parsed = { flags: { [name: string]: FlagValue }; args: string[] };

/** Where the first word stands that is neither a flag nor a flag's value; undefined when there is none. */
export function firstWord(
  argv: readonly string[],
  flags: readonly Flag[],
): { index: number; word: string } | undefined {
  for (const token of tokens(argv, flags)) {
    if (token.kind === "word") return { index: token.index, word: token.value };
    // An unknown flag may have a value, and then the next word is no command.
    if (token.flag === undefined) throw unknownFlag(token.typed, flags);
  }
  return undefined;
}

/** True when the flag stands anywhere among the arguments. */
export function mentions(argv: readonly string[], flags: readonly Flag[], name: string): boolean {
  return tokens(argv, flags).some((token) => token.kind === "flag" && token.flag?.name === name);
}

/** Flags and words of one command; throws a CliError (exit 2) that says what to type instead. */
export function parse(argv: readonly string[], flags: readonly Flag[], args: readonly Argument[] = []): Parsed {
  const parsed: Parsed = { flags: defaults(flags), args: [] };
  for (const token of tokens(argv, flags)) {
    if (token.kind === "word") {
      parsed.args.push(token.value);
      continue;
    }
    const { flag, typed, inline } = token;
    if (flag === undefined) throw unknownFlag(typed, flags);
    const value = inline && !typed.startsWith("--") ? token.value?.replace(/^=/, "") : token.value;
    if (!inline && value !== undefined && isFlag(value, flags)) {
      throw usageError(`${typed} needs a value.`, `If the value really is "${value}": ${typed}=${value}`);
    }
    parsed.flags[flag.name] = valueOf(flag, typed, value, parsed.flags[flag.name]);
  }
  checkWords(parsed.args, args);
  return parsed;
}

function tokens(argv: readonly string[], flags: readonly Flag[]): Token[] {
  const options = Object.create(null) as { [name: string]: { type: "string" | "boolean"; short?: string } };
  for (const flag of flags) {
    const type = takesValue(flag) ? "string" : "boolean";
    options[flag.name] = { type, ...(flag.short !== undefined && { short: flag.short }) };
    for (const alias of flag.aliases ?? []) options[alias] = { type };
  }
  const out: Token[] = [];
  for (const token of parseArgs({ args: argv, options, strict: false, allowPositionals: true, tokens: true }).tokens) {
    if (token.kind === "positional") out.push({ kind: "word", index: token.index, value: token.value });
    if (token.kind !== "option") continue;
    // `-model x` would quietly be `-m odel`.
    const mistyped = (argv[token.index] ?? "").slice(1);
    if (mistyped.length > 1 && find(flags, mistyped) !== undefined) throw unknownFlag(`-${mistyped}`, flags);
    const flag = find(flags, token.name);
    const typed = token.rawName;
    out.push({ kind: "flag", index: token.index, flag, typed, value: token.value, inline: token.inlineValue === true });
  }
  return out;
}

function find(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.find((flag) => flag.name === name || flag.aliases?.includes(name));
}

function isFlag(word: string, flags: readonly Flag[]): boolean {
  return flags.some((flag) => word === `--${flag.name}` || (flag.short !== undefined && word === `-${flag.short}`));
}

function takesValue(flag: Flag): boolean {
  return flag.type === "string" || flag.type === "number" || flag.type === "repeat";
}

function defaults(flags: readonly Flag[]): { [name: string]: FlagValue } {
  const values = Object.create(null) as { [name: string]: FlagValue };
  for (const flag of flags) values[flag.name] = flag.default ?? absent(flag.type);
  return values;
}

function absent(type: Flag["type"]): FlagValue {
  switch (type) {
    case "boolean":
      return false;
    case "count":
      return 0;
    case "repeat":
      return [];
    case "string":
    case "number":
      return undefined;
    default:
      return type satisfies never;
  }
}

function valueOf(flag: Flag, typed: string, value: string | undefined, before: FlagValue): FlagValue {
  if (!takesValue(flag)) {
    if (value === undefined) return flag.type === "count" ? Number(before) + 1 : true;
    if (flag.type === "boolean" && (value === "true" || value === "false")) return value === "true";
    throw usageError(`${typed} takes no value.`);
  }
  if (value === undefined) throw usageError(`${typed} needs a value.`);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    const [near] = suggest(value, flag.choices);
    const known = `${typed} must be one of ${flag.choices.join(", ")}, not "${value}".`;
    throw near === undefined ? usageError(known) : usageError(known, `Did you mean ${near}?`);
  }
  if (flag.type === "repeat") return typeof before === "object" ? [...before, value] : [value];
  if (flag.type === "string") return value;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) throw usageError(`${typed} must be a number, not "${value}".`);
  return number;
}

function checkWords(words: readonly string[], args: readonly Argument[]): void {
  const missing = args.find((arg, index) => arg.required === true && words[index] === undefined);
  if (missing !== undefined) throw usageError(`${missing.name} is missing: ${missing.description}.`);
  const extra = words[args.length];
  if (extra !== undefined && args.at(-1)?.many !== true) throw usageError(`Unexpected argument "${extra}".`);
}

function unknownFlag(typed: string, flags: readonly Flag[]): Error {
  const names = flags.filter((flag) => flag.hidden !== true).flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]);
  const near = typed.length === 2 ? [] : suggest(typed.replace(/^-+/, ""), names);
  const hint = near.length === 0 ? [] : [`Did you mean ${near.map((name) => `--${name}`).join(" or ")}?`];
  return usageError(`Unknown option ${typed}.`, ...hint);
}
