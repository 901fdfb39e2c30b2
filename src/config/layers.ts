import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./environment.ts";
import { readEnvText } from "./env-text.ts";
import type { Layer } from "./key.ts";
import { canonical, definition, keyNames, type KeyName } from "./keys.ts";
import { absolute, readable, type Paths } from "./paths.ts";
import type { Problem } from "./problem.ts";

/** Where a value stands. */
export type Source = { layer: Layer; name: string; path?: string; line?: number };
export type Given = { raw: string; source: Source };
/** The values of one layer, under their canonical names. */
export type LayerValues = Map<KeyName, Given>;

/** What was found out about a file while it was read. */
export type FileReport = {
  path: string;
  /** As people write it. */
  shown: string;
  layer: Layer;
  exists: boolean;
  /** Permission bits, where the system has them. */
  mode?: number;
  used: KeyName[];
  /** Keys that do not count in this file, for safety. */
  ignored: string[];
  /** Keys that no setting has. */
  unknown: string[];
};
export type Reading = { values: LayerValues; report: FileReport; problems: Problem[]; notes: string[] };

/** Keys of other programs that change what runs or where secrets go: worth a word when ./.env has them. */
const hostile = /^(?:AWS_.*|.*_PROXY|NODE_.*|BUN_.*|LD_.*|DYLD_.*|EDITOR|VISUAL|PAGER|PATH|SHELL)$/i;

export function flagLayer(flags: Readonly<Partial<Record<KeyName, string>>>): LayerValues {
  const values: LayerValues = new Map();
  for (const name of keyNames) {
    const raw = flags[name];
    if (raw !== undefined)
      values.set(name, { raw, source: { layer: "flag", name: `--${definition(name).flag ?? name}` } });
  }
  return values;
}

export function environmentLayer(env: Environment): LayerValues {
  const values: LayerValues = new Map();
  for (const name of keyNames) {
    for (const spelling of [name, ...(definition(name).aliases ?? [])]) {
      const raw = env[spelling];
      if (isSet(raw) && allowed(name, "environment") && !values.has(name)) {
        values.set(name, {
          raw,
          source: { layer: "environment", name: spelling === name ? "environment" : `environment ${spelling}` },
        });
      }
    }
  }
  return values;
}

/** Reads one file. A missing one is a problem only where somebody named it. */
export function fileLayer(layer: "env-file" | ".env" | "user-file", given: string, cwd: string, paths: Paths): Reading {
  const path = absolute(given, cwd, paths.home);
  const shown = readable(path, cwd, paths.home);
  const report: FileReport = { path, shown, layer, exists: false, used: [], ignored: [], unknown: [] };
  const reading: Reading = { values: new Map(), report, problems: [], notes: [] };
  let content: string;
  try {
    const stat = statSync(path);
    report.exists = true;
    if (process.platform !== "win32") report.mode = stat.mode & 0o777;
    content = new TextDecoder("utf-8").decode(readFileSync(path));
  } catch (error) {
    if (isMissing(error) && layer !== "env-file") return reading;
    reading.problems.push({
      message: `Cannot read ${shown}: ${reason(error)}.`,
      remedy: `Check the path${layer === "env-file" ? "" : ` and who may read it: ls -l ${shown}`}.`,
    });
    return reading;
  }
  fill(reading, content);
  const secret = report.used.some((name) => definition(name).secret);
  if (report.mode !== undefined && (report.mode & 0o077) !== 0 && (secret || layer === "user-file")) {
    reading.notes.push(`${shown} can be read by others on this computer. Run: chmod 600 ${shown}`);
  }
  return reading;
}

function fill(reading: Reading, content: string): void {
  const { report, values } = reading;
  const { assignments, mistakes } = readEnvText(content);
  for (const mistake of mistakes) {
    const message = `${report.shown}, line ${mistake.line}: ${mistake.why}.`;
    if (report.layer === ".env") reading.notes.push(`${message} The line is skipped.`);
    else
      reading.problems.push({
        message,
        remedy: "Write KEY=value there; put # in front of a comment, and quotes around a value with # or spaces.",
      });
  }
  const byAlias = new Set<KeyName>();
  for (const { key, value, line } of assignments) {
    const name = canonical(key);
    if (name === undefined || !allowed(name, report.layer)) {
      if (name !== undefined || (report.layer === ".env" && hostile.test(key))) report.ignored.push(key);
      else report.unknown.push(key);
      continue;
    }
    // The canonical name wins over its aliases, wherever they stand in the file.
    if (key !== name && values.has(name) && !byAlias.has(name)) continue;
    if (key !== name) byAlias.add(name);
    else byAlias.delete(name);
    // Of two lines the last counts, also when it takes the value back (`KEY=`).
    values.delete(name);
    if (isSet(value))
      values.set(name, { raw: value, source: { layer: report.layer, name: report.shown, path: report.path, line } });
  }
  report.used = [...values.keys()];
}

/** `KEY=` without a value says nothing: the original wrote it for every question that was skipped. */
function isSet(raw: string | undefined): raw is string {
  return raw !== undefined && raw.trim() !== "";
}

/** Whether a layer may set a key (cli.md 3.4). */
export function allowed(name: KeyName, layer: Layer): boolean {
  const key = definition(name);
  if (key.only && !key.only.includes(layer)) return false;
  return layer !== ".env" || key.dotenv === true;
}

/** The one file that is read without being asked for: named exactly `.env`, in the working directory. */
export function dotenvPath(cwd: string): string {
  return join(cwd, ".env");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is no directory",
  EEXIST: "a file stands where a directory should be",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** The words for a file error. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (code || "unknown error");
}
