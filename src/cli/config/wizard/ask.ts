import { autocomplete, confirm, multiselect, select, text } from "@clack/prompts";
import * as v from "valibot";
import { definition, type KeyName } from "../../../config/keys.ts";
import type { Terminal } from "../../terminal.ts";
import { secret } from "../secret-prompt.ts";
import type { Draft } from "./draft.ts";

/** The person left. Nothing is saved. */
export class Cancelled extends Error {}

export type Choice<T extends string> = { value: T; label: string; hint?: string };

/** clack's prompts on stderr. Each throws Cancelled on Esc and Ctrl-C. */
export class Ask {
  readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  get output(): NodeJS.WriteStream {
    return this.terminal.err.stream;
  }

  async one<const T extends string>(message: string, options: readonly Choice<T>[], initial?: T): Promise<T> {
    const chosen = await select<string>({
      message,
      options: options.map(option),
      ...(initial !== undefined && { initialValue: initial }),
      output: this.output,
    });
    return valueOf(options, answer(chosen));
  }

  async several<const T extends string>(
    message: string,
    options: readonly Choice<T>[],
    initial: readonly T[],
  ): Promise<T[]> {
    const chosen = answer(
      await multiselect<string>({
        message: `${message} (Space chooses, Enter goes on)`,
        options: options.map(option),
        initialValues: [...initial],
        required: false,
        output: this.output,
      }),
    );
    return options.filter(({ value }) => chosen.includes(value)).map(({ value }) => value);
  }

  /** Out of a list, or a word of one's own that `own` accepts. */
  async search(
    message: string,
    choices: readonly Choice<string>[],
    initial: string | undefined,
    own: (typed: string) => boolean,
  ): Promise<string> {
    const chosen = await autocomplete<string>({
      message,
      options() {
        const typed = this.userInput.trim();
        const found = choices.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));
        const others =
          typed !== "" && own(typed) && !choices.some(({ value }) => value === typed)
            ? [{ value: typed, label: typed, hint: "as typed" }]
            : [];
        return [...found, ...others].map(option);
      },
      // The options are filtered above; what is typed may itself be one.
      filter: () => true,
      maxItems: 8,
      ...(initial !== undefined && { initialValue: initial }),
      validate: (value) => (typeof value === "string" && value !== "" ? undefined : "Choose one, or type one."),
      output: this.output,
    });
    return answer(chosen);
  }

  async yes(message: string): Promise<boolean> {
    return answer(await confirm({ message, output: this.output }));
  }

  /** A setting in the clear; Enter keeps what is there. `optional`: an empty answer takes it away. */
  async value(
    draft: Draft,
    key: KeyName,
    message: string,
    { optional = false, initial }: { optional?: boolean; initial?: string } = {},
  ): Promise<void> {
    const current = draft.get(key) ?? initial;
    const given = await text({
      message: `${message}${optional ? " (may stay empty)" : ""}`,
      ...(current !== undefined && { initialValue: current }),
      validate: (typed) => (optional && (typed ?? "").trim() === "" ? undefined : mistake(key, typed)),
      output: this.output,
    });
    const value = answer(given).trim();
    draft.set(key, value === "" ? null : value);
  }

  /** A secret; an empty answer keeps what is there. */
  async secret(draft: Draft, key: KeyName, message: string, optional = false): Promise<void> {
    const shown = draft.shown(key);
    const given = answer(
      await secret({
        message:
          shown === undefined
            ? `${message}${optional ? " (may stay empty)" : ""}`
            : `${message} [${shown}, Enter keeps]`,
        validate: (typed) =>
          (typed ?? "").trim() === "" && (optional || shown !== undefined) ? undefined : mistake(key, typed),
        output: this.output,
      }),
    ).trim();
    if (given !== "") draft.set(key, given);
  }
}

function mistake(key: KeyName, typed: string | undefined): string | undefined {
  const parsed = v.safeParse(definition(key).type.schema, typed ?? "");
  return parsed.success ? undefined : `${key} ${parsed.issues[0].message}`;
}

function option({ value, label, hint }: Choice<string>): { value: string; label: string; hint?: string } {
  return { value, label, ...(hint !== undefined && { hint }) };
}

function answer<T>(given: T): Exclude<T, symbol> {
  if (typeof given === "symbol") throw new Cancelled();
  return given as Exclude<T, symbol>;
}

function valueOf<T extends string>(options: readonly Choice<T>[], chosen: string): T {
  const found = options.find(({ value }) => value === chosen);
  if (found === undefined) throw new Cancelled();
  return found.value;
}
