import * as v from "valibot";
import { withValue } from "../../config/edit.ts";
import { definition, type KeyName } from "../../config/keys.ts";
import { allowed } from "../../config/layers.ts";
import { display, place, readConfig } from "../../config/load.ts";
import { command } from "../command.ts";
import { usageError } from "../failure.ts";
import { fileKeyName } from "./key-name.ts";
import { listKeys } from "./list-keys.ts";
import { loadOptions } from "./load-options.ts";
import { readSettings, settingsFile, unwritable, writeSettings } from "./settings-file.ts";

export const set = command({
  name: "set",
  summary: "Set up everything step by step, or set one value",
  examples: [
    "amazon-chat config set",
    "amazon-chat config set AWS_REGION us-east-1",
    "pass show openai | amazon-chat config set OPENAI_API_KEY --stdin",
  ],
  flags: [
    { name: "key", type: "string", value: "KEY", description: "The setting; the same as the first word" },
    { name: "value", type: "string", value: "VALUE", description: "Its value; the same as the second word" },
    { name: "stdin", type: "boolean", description: "Read the value from standard input" },
    { name: "file", type: "string", value: "PATH", description: "Write to this file instead of the user's" },
    { name: "list", type: "boolean", description: "List all settings" },
    { name: "json", type: "boolean", description: "With --list: as JSON" },
  ],
  args: [
    { name: "key", description: "Name of the setting; the wizard when absent" },
    { name: "value", description: "Its value; asked for when absent" },
  ],
  notes:
    "A value on the command line ends up in the shell's history: for secrets use --stdin, or leave it out and be asked.",
  async run({ flags, args, global, terminal, interrupt }) {
    if (flags.list) return listKeys(terminal.out, flags.json);
    const [typed, value] = words(args, flags.key, flags.value);
    const file = settingsFile(flags.file, global.config);
    const interactive = terminal.stdinIsTTY && terminal.err.isTTY && !global["no-input"];
    if (typed === undefined) {
      if (flags.stdin || value !== undefined)
        throw usageError("Which setting? KEY is missing.", "All settings: amazon-chat config set --list");
      if (!interactive)
        throw usageError(
          "config set needs a terminal.",
          "Set values directly: amazon-chat config set KEY VALUE  (keys: amazon-chat config set --list)",
        );
      const { wizard } = await import("./wizard/index.ts");
      return wizard({ global, terminal, file, interrupt });
    }
    const key = fileKeyName(typed);
    let given = value;
    if (flags.stdin) {
      if (value !== undefined) throw usageError("Give the value as a word or with --stdin, not both.");
      if (terminal.stdinIsTTY && interactive)
        await terminal.err.line(`Type the value of ${key}, then Enter and Ctrl-D.`);
      given = (await Bun.stdin.text()).replace(/\r?\n$/, "");
    } else if (given === undefined) {
      if (!interactive)
        throw usageError(
          `config set ${key} needs a value.`,
          `Give it: amazon-chat config set ${key} VALUE`,
          `Or pipe it:  … | amazon-chat config set ${key} --stdin`,
        );
      const { askValue } = await import("./ask-value.ts");
      given = await askValue(key, terminal);
    } else if (definition(key).secret && !global.quiet) {
      await terminal.err.line(
        `Note: the value is now in your shell's history. Next time: amazon-chat config set ${key}`,
      );
    }
    checkValue(key, given);
    const text = withValue(readSettings(file) ?? "", key, given);
    if (text === undefined) throw unwritable(key);
    writeSettings(file, text);
    if (global.quiet) return;
    await terminal.err.line(`Saved ${key}=${display(key, given).replace(/\s+/g, " ")} in ${file.shown}.`);
    for (const line of caveats(key, file, readConfig(loadOptions(global)).explain(key).source))
      await terminal.err.line(line);
  },
});

/** KEY VALUE, KEY=VALUE or --key K --value V. */
function words(
  args: readonly string[],
  key: string | undefined,
  value: string | undefined,
): [string | undefined, string | undefined] {
  if (key !== undefined && args.length > 0) throw usageError(`Unexpected argument "${args[0]}" beside --key.`);
  if (value !== undefined && args.length > 1) throw usageError("Two values were given.");
  const [first, second = value] = key === undefined ? args : [key];
  const at = first?.indexOf("=") ?? -1;
  if (first !== undefined && at > 0 && second === undefined) return [first.slice(0, at), first.slice(at + 1)];
  return [first, second];
}

/** Throws exit 2 with what the setting expects; a wrong secret is not repeated. */
export function checkValue(key: KeyName, value: string): void {
  if (value.trim() === "")
    throw usageError(`The value of ${key} is empty.`, `To remove it: amazon-chat config unset ${key}`);
  const parsed = v.safeParse(definition(key).type.schema, value);
  if (!parsed.success) throw usageError(`${key} ${parsed.issues[0].message}; nothing was saved.`, ...example(key));
}

function example(key: KeyName): string[] {
  const { example: one } = definition(key);
  return one === undefined ? [] : [`Example: amazon-chat config set ${key} ${/[\s{]/.test(one) ? `'${one}'` : one}`];
}

/** Where the new value will not count. */
function caveats(
  key: KeyName,
  file: { path: string; own: boolean },
  effective: ReturnType<ReturnType<typeof readConfig>["explain"]>["source"],
): string[] {
  if (effective?.path === file.path) return [];
  if (!file.own && file.path.endsWith("/.env") && !allowed(key, ".env"))
    return [`Note: ${key} does not count in a ./.env that is found by chance; start with --env-file to use it.`];
  if (!file.own || effective === undefined || effective.layer === "default") return [];
  return [`Note: ${place(effective)} sets ${key} too, and wins.`];
}
