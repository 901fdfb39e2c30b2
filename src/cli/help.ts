import { renderUsage, type ArgsDef, type CommandDef } from "citty";
import type { Command, Commands, Flag, Group } from "./command.ts";
import { globalFlags } from "./global-flags.ts";
import { inColumns } from "./help-columns.ts";

/** Help of a command or group, examples first; coloured or not, never by citty's own guess (cli.md 4.1). */
export async function help(path: readonly string[], node: Command | Group, color: boolean): Promise<string> {
  const root = path.length === 1;
  const definition: CommandDef = {
    // citty would name a nested command by its last word alone.
    meta: { name: path.join(" "), description: node.summary },
    args: "commands" in node ? asArgs(root ? globalFlags : []) : { ...words(node), ...asArgs(node.flags) },
    ...("commands" in node && { subCommands: await listed(node.commands) }),
  };
  const usage = inColumns((await renderUsage(definition)).split("\n").slice(2).join("\n").trim());
  const parts = [`${node.summary}.`, `EXAMPLES\n\n${node.examples.map((line) => `  ${line}`).join("\n")}`, usage];
  if ("notes" in node && node.notes !== undefined) parts.push(node.notes);
  if (!root) parts.push(`Options of every command: ${path[0]} --help`);
  const text = `${parts.join("\n\n")}\n`;
  return color ? text : Bun.stripANSI(text);
}

function words(command: Command): ArgsDef {
  const defs: ArgsDef = {};
  for (const arg of command.args ?? []) {
    defs[arg.name] = { type: "positional", description: arg.description, required: arg.required === true };
  }
  return defs;
}

function asArgs(flags: readonly Flag[]): ArgsDef {
  const defs: ArgsDef = {};
  for (const flag of flags) {
    if (flag.hidden === true) continue;
    const shown = flag.shown ?? (typeof flag.default === "boolean" ? undefined : flag.default?.toString());
    const common = {
      description: described(flag),
      ...(flag.short !== undefined && { alias: flag.short }),
      ...(shown !== undefined && { default: shown }),
    };
    if (flag.type === "boolean" || flag.type === "count")
      defs[flag.name] = { type: "boolean", ...plainDefault(common) };
    else if (flag.choices !== undefined) defs[flag.name] = { type: "enum", options: [...flag.choices], ...common };
    else defs[flag.name] = { type: "string", valueHint: flag.value ?? "VALUE", ...common };
  }
  return defs;
}

function plainDefault(common: { description: string; alias?: string }): { description: string; alias?: string } {
  return { description: common.description, ...(common.alias !== undefined && { alias: common.alias }) };
}

function described(flag: Flag): string {
  return flag.type === "repeat" ? `${flag.description} (repeatable)` : flag.description;
}

/** Only what the list shows: no command is loaded for it. */
async function listed(commands: Commands): Promise<Record<string, CommandDef>> {
  const out: Record<string, CommandDef> = {};
  for (const [name, entry] of Object.entries(commands)) {
    const { aliases = [], hidden = false } = entry;
    out[name] = { meta: { name, description: entry.summary, alias: [...aliases], hidden } };
  }
  return out;
}
