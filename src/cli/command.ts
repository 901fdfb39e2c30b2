import type { GlobalFlag } from "./global-flags.ts";
import type { Terminal } from "./terminal.ts";

/** One row of a command's flag table; parsing, help, shell completion and the README all read it. */
export type Flag = {
  /** Without dashes: `max-tokens`. A switch that turns something off is named so: `no-stream`. */
  name: string;
  /** One letter. */
  short?: string;
  /** `repeat` collects every value in order; `count` counts (`-vv` is 2). */
  type: "boolean" | "string" | "number" | "repeat" | "count";
  description: string;
  /** What stands for the value in help: `PATH`. */
  value?: string;
  /** The value when the flag is absent. Leave it out where the configuration decides, and say so with `shown`. */
  default?: string | number | boolean;
  /** A default for people only: help prints it, parsing ignores it. */
  shown?: string;
  /** The closed list of values. */
  choices?: readonly string[];
  /** Other long spellings, without dashes; help does not list them. */
  aliases?: readonly string[];
  hidden?: boolean;
};

/** A word beside the flags. Only the last one may be `many`. */
export type Argument = { name: string; description: string; required?: boolean; many?: boolean };

export type FlagValue = string | number | boolean | readonly string[] | undefined;

type ValueOf<F extends Flag> = F["type"] extends "boolean"
  ? boolean
  : F["type"] extends "count"
    ? number
    : F["type"] extends "repeat"
      ? readonly string[]
      : OrDefault<F, F["type"] extends "number" ? number : Choice<F>>;
type Choice<F extends Flag> = F extends { choices: readonly (infer C)[] } ? C : string;
type OrDefault<F extends Flag, V> = F extends { default: string | number } ? V : V | undefined;

/** What a flag table parses to, by flag name. */
export type Values<F extends readonly Flag[]> = { readonly [Row in F[number] as Row["name"]]: ValueOf<Row> };

export type Context<F extends readonly Flag[]> = {
  flags: Values<F>;
  /** The words, in order. */
  args: readonly string[];
  /** Flags that every command has. */
  global: Values<readonly GlobalFlag[]>;
  terminal: Terminal;
  /**
   * A signal that aborts on SIGINT or SIGTERM; asking for it takes the signals over. A command that then throws (or
   * just returns) ends with 130 or 143.
   */
  interrupt(): AbortSignal;
};

export type Command = {
  name: string;
  /** One line, without a full stop. */
  summary: string;
  /** Two or three lines that can be copied; help prints them first. */
  examples: readonly string[];
  flags: readonly Flag[];
  args?: readonly Argument[];
  /** What help says below the tables. */
  notes?: string;
  /** Returns the exit code when it is not 0; throws CliError or GatewayError. */
  run(context: Context<readonly Flag[]>): Promise<number | void>;
};

/** A command that only holds commands: `config`. */
export type Group = {
  name: string;
  summary: string;
  examples: readonly string[];
  commands: Commands;
  /** What stands on a terminal instead of help when no further word was typed; undefined: help after all. */
  bare?(global: Values<readonly GlobalFlag[]>): Promise<string | undefined>;
};

/** Commands by name. `load` holds a literal import(), so that a command costs nothing until it is used. */
export type Commands = { readonly [name: string]: Entry };
export type Entry = {
  summary: string;
  aliases?: readonly string[];
  hidden?: boolean;
  load(): Promise<Command | Group>;
};

type Definition<F extends readonly Flag[]> = Omit<Command, "flags" | "run"> & {
  flags: F;
  run(context: Context<F>): Promise<number | void>;
};

/** A command whose `run` sees its flags typed by its own table. */
export function command<const F extends readonly Flag[]>(definition: Definition<F>): Command {
  return definition;
}
