import type { FileReport } from "../../config/layers.ts";
import type { Config } from "../../config/load.ts";
import type { Output } from "../terminal.ts";
import { hidden, type Entry } from "./show-entries.ts";

/** `config show` for people: the files that were read, then a row for each setting. */
export async function showTable(out: Output, config: Config, rows: readonly Entry[]): Promise<void> {
  for (const file of config.files.toReversed()) await out.line(`${title(file).padEnd(14)}${fileLine(file)}`);
  await out.line();
  const keyWidth = Math.max(3, ...rows.map(({ key }) => key.length)) + 2;
  const valueWidth = Math.min(40, Math.max(5, ...rows.map(({ value }) => oneLine(value).length))) + 2;
  await out.line(out.paint.bold(`${"KEY".padEnd(keyWidth)}${"VALUE".padEnd(valueWidth)}SOURCE`));
  for (const { key, value, source, shadowed } of rows) {
    const shadow = shadowed.map((one) => `${one.source}: ${oneLine(one.value)}`).join(", ");
    const line = `${key.padEnd(keyWidth)}${oneLine(value).padEnd(valueWidth)}${source}${shadow === "" ? "" : `  (shadows ${shadow})`}`;
    await out.line(value === null ? out.paint.dim(line) : line);
  }
  const left = hidden(rows);
  if (left > 0) await out.line(out.paint.dim(`\n${left} more have their default: amazon-chat config show --all`));
}

function title({ layer }: FileReport): string {
  return layer === "user-file" ? "Config file" : layer === ".env" ? ".env" : "Env file";
}

function fileLine({ shown, exists, mode, used, ignored, unknown, layer }: FileReport): string {
  if (!exists) return `${shown}  (not there${layer === "user-file" ? " yet" : ""})`;
  const facts = [
    ...(layer === "user-file" && mode !== undefined ? [mode.toString(8).padStart(4, "0")] : []),
    `${used.length} ${used.length === 1 ? "key" : "keys"} used`,
    ...(ignored.length > 0 ? [`${ignored.length} ignored: ${ignored.join(", ")}`] : []),
    // Other programs' keys are normal in a shared file, but a mistake in our own.
    ...(unknown.length > 0 && layer === "user-file" ? [`${unknown.length} unknown: ${unknown.join(", ")}`] : []),
  ];
  return `${shown}  (${facts.join("; ")})`;
}

function oneLine(value: string | null): string {
  if (value === null) return "–";
  const line = value.replace(/\p{Cc}+/gu, "⏎");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
