import { confirm, isCancel } from "@clack/prompts";
import { readConfig, type Config } from "../../config/load.ts";
import { command } from "../command.ts";
import { CliError, exits, usageError } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { loadOptions } from "./load-options.ts";
import { entries, type Entry } from "./show-entries.ts";
import { showTable } from "./show-table.ts";

export const show = command({
  name: "show",
  summary: "Show the effective configuration and where each value comes from",
  examples: ["amazon-chat config show", "amazon-chat config show --all", "amazon-chat config show --json"],
  flags: [
    { name: "json", type: "boolean", description: "Print JSON" },
    {
      name: "format",
      type: "string",
      choices: ["table", "json", "yaml"],
      default: "table",
      description: "Form of the output",
    },
    { name: "all", type: "boolean", description: "Show settings that have their default too" },
    { name: "show-secrets", type: "boolean", description: "Print secrets as they are; asks first" },
    { name: "force", type: "boolean", description: "With --show-secrets: do not ask" },
    { name: "file", type: "string", value: "PATH", description: "Show this file alone" },
  ],
  notes: "Exit code 2 when something is wrong with the configuration; it is shown all the same.",
  async run({ flags, global, terminal }) {
    if (flags["show-secrets"] && !flags.force) await confirmSecrets(terminal, global["no-input"]);
    const config = readConfig({ ...loadOptions(global), alone: flags.file });
    const format = flags.json ? "json" : flags.format;
    const rows = entries(config, { all: flags.all || format !== "table", open: flags["show-secrets"] });
    if (format === "table") await showTable(terminal.out, config, rows);
    else
      await terminal.out.line(
        format === "json"
          ? JSON.stringify(rows.map(asData), undefined, 2)
          : Bun.YAML.stringify(rows.map(asData), undefined, 2),
      );
    return report(config, terminal, global.quiet);
  },
});

async function confirmSecrets(terminal: Terminal, noInput: boolean): Promise<void> {
  if (!terminal.stdinIsTTY || !terminal.err.isTTY || noInput)
    throw usageError("--show-secrets needs a terminal to ask.", "Without one: --show-secrets --force");
  const sure = await confirm({
    message: "Print secrets on this screen?",
    initialValue: false,
    output: terminal.err.stream,
  });
  if (isCancel(sure) || !sure)
    throw new CliError({ exit: exits.interrupted, message: "Cancelled. Nothing was shown." });
}

function asData({ key, value, source, path, line, shadowed }: Entry): object {
  return { key, value, source, path, line, shadowed };
}

async function report(config: Config, terminal: Terminal, quiet: boolean): Promise<number> {
  if (!quiet) for (const note of config.notes) await terminal.err.line(`${terminal.err.paint.yellow("!")} ${note}`);
  for (const { message, remedy } of config.problems) {
    await terminal.err.line(`${terminal.err.paint.red("✖")} ${message}`);
    await terminal.err.line(`  ${remedy}`);
  }
  return config.problems.length > 0 ? exits.usage : exits.ok;
}
