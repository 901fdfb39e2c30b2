import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { environment } from "../../config/environment.ts";
import { reason } from "../../config/layers.ts";
import { absolute, pathsOf, readable } from "../../config/paths.ts";
import { writeWhole } from "../../config/write-file.ts";
import { CliError, exits, usageError } from "../failure.ts";

/** A file of settings that a command reads or changes. */
export type SettingsFile = {
  path: string;
  /** As people write it. */
  shown: string;
  /** The user's own file, whose directory is made when it is missing. */
  own: boolean;
};

/** The file of --file, else that of --config, else the user's. */
export function settingsFile(file: string | undefined, config: string | undefined): SettingsFile {
  const cwd = process.cwd();
  const paths = pathsOf(environment(), cwd, config);
  const path = file === undefined ? paths.config : absolute(file, cwd, paths.home);
  return { path, shown: readable(path, cwd, paths.home), own: file === undefined };
}

/** Its text; undefined when there is no such file. Throws exit 2 when it cannot be read. */
export function readSettings(file: SettingsFile): string | undefined {
  try {
    return readFileSync(file.path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new CliError({
      exit: exits.usage,
      message: `Cannot read ${file.shown}: ${reason(cause)}.`,
      hint: [`Look who may read it: ls -l ${file.shown}`],
      cause,
    });
  }
}

/** Writes it whole or not at all, 0600. Throws exit 2 when that cannot be done. */
export function writeSettings(file: SettingsFile, text: string): void {
  try {
    writeWhole(file.path, text, file.own);
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = missing ? `there is no directory ${dirname(file.shown)}` : reason(cause);
    const hint = missing ? `Make it first: mkdir -p ${dirname(file.shown)}` : "Write to another file: --file PATH";
    throw new CliError({
      exit: exits.usage,
      message: `Cannot write ${file.shown}: ${why}. Nothing was changed.`,
      hint: [hint],
      cause,
    });
  }
}

/** A key or a value that cannot stand in a file of KEY=value lines. */
export function unwritable(key: string): CliError {
  return usageError(
    `This value of ${key} cannot be written as a KEY=value line.`,
    "It holds a carriage return, or all of ', \" and ` together with # or a line break.",
  );
}
