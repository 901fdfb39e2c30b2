import * as v from "valibot";
import { environment, type Environment } from "./environment.ts";
import { definition, keyNames, type KeyName, type Values } from "./keys.ts";
import {
  dotenvPath,
  environmentLayer,
  fileLayer,
  flagLayer,
  type FileReport,
  type Given,
  type LayerValues,
  type Reading,
  type Source,
} from "./layers.ts";
import { mask } from "./mask.ts";
import { pathsOf, type Paths } from "./paths.ts";
import { ConfigError, type Problem } from "./problem.ts";
import { mixedPairs } from "./trust.ts";

export type LoadOptions = {
  /** Values of command-line flags under the names of their keys: `{ PORT: "8001" }`. */
  flags?: Readonly<Partial<Record<KeyName, string>>>;
  /** Paths of --env-file, the last one strongest. */
  envFiles?: readonly string[];
  /** Path of --config. */
  configFile?: string | undefined;
  /** Only this file counts: no flag, no environment, no ./.env. */
  alone?: string | undefined;
  /** Stands for what the user's file says. */
  draft?: ReadonlyMap<KeyName, string>;
  cwd?: string;
  env?: Environment;
};

/** What is known about one setting. `raw` is not masked. */
export type Explanation = {
  key: KeyName;
  raw: string | undefined;
  source: Source | undefined;
  shadows: readonly Given[];
};

/** The effective configuration. Nothing of it is ever put into `process.env`. */
export type Config = {
  get<K extends KeyName>(key: K): Values[K];
  explain(key: KeyName): Explanation;
  /** The value as people may see it; undefined when it is not set. */
  shown(key: KeyName): string | undefined;
  files: readonly FileReport[];
  paths: Paths;
  problems: readonly Problem[];
  /** Lines worth a word on stderr: open permissions, keys that were ignored. */
  notes: readonly string[];
};

/** Reads the configuration and throws a ConfigError (exit 2) with everything that is wrong with it. */
export function loadConfig(options: LoadOptions = {}): Config {
  const config = readConfig(options);
  if (config.problems.length > 0) throw new ConfigError(config.problems);
  return config;
}

/** Reads the configuration, keeping what is wrong with it as data, for commands that show or repair it. */
export function readConfig({
  flags = {},
  envFiles = [],
  configFile,
  alone,
  draft,
  cwd = process.cwd(),
  env = environment(),
}: LoadOptions = {}): Config {
  const paths = pathsOf(env, cwd, configFile ?? flags.AMAZON_CHAT_CONFIG);
  const readings = alone === undefined ? readFiles(envFiles, cwd, paths) : [fileLayer("env-file", alone, cwd, paths)];
  const outside = alone === undefined ? [flagLayer(flags), environmentLayer(env)] : [];
  if (draft !== undefined) readings.splice(-1, 1, drafted(draft, readings.at(-1)));
  const stack: LayerValues[] = [...outside, ...readings.map((reading) => reading.values)];
  const found = new Map(keyNames.map((name) => [name, stack.flatMap((layer) => layer.get(name) ?? [])]));
  const origin = (name: KeyName): Given[] => found.get(name) ?? [];

  const values = new Map<KeyName, unknown>();
  const problems = readings.flatMap((reading) => reading.problems);
  for (const name of keyNames) {
    const given = origin(name)[0] ?? fallback(name);
    if (given === undefined) continue;
    const parsed = v.safeParse(definition(name).type.schema, given.raw);
    if (parsed.success) values.set(name, parsed.output);
    else problems.push(invalid(name, given, parsed.issues[0].message));
  }
  problems.push(...mixedPairs(origin, values.get("AMAZON_CHAT_TRUST_DOTENV") === true));

  return {
    // The table's type says what each schema gives; the map cannot.
    get: <K extends KeyName>(key: K) => values.get(key) as Values[K],
    explain: (key) => {
      const [first, ...shadows] = origin(key);
      const given = first ?? fallback(key);
      return { key, raw: given?.raw, source: given?.source, shadows };
    },
    shown: (key) => {
      const raw = (origin(key)[0] ?? fallback(key))?.raw;
      return raw === undefined ? undefined : display(key, raw);
    },
    files: readings.map((reading) => reading.report),
    paths,
    problems,
    notes: [
      ...readings.flatMap((reading) => reading.notes),
      ...readings.flatMap((reading) => ignoredNote(reading.report)),
    ],
  };
}

function readFiles(envFiles: readonly string[], cwd: string, paths: Paths): Reading[] {
  const named = envFiles.toReversed().map((path) => fileLayer("env-file", path, cwd, paths));
  const dotenv = dotenvPath(cwd);
  // Whoever names ./.env with --env-file trusts it.
  const implicit = named.some(({ report }) => report.path === dotenv) ? [] : [fileLayer(".env", dotenv, cwd, paths)];
  return [...named, ...implicit, fileLayer("user-file", paths.config, cwd, paths)];
}

function drafted(draft: ReadonlyMap<KeyName, string>, file: Reading | undefined): Reading {
  const report = file?.report ?? {
    path: "",
    shown: "",
    layer: "user-file",
    exists: false,
    used: [],
    ignored: [],
    unknown: [],
  };
  const source: Source = { layer: "user-file", name: report.shown, path: report.path };
  const values = new Map([...draft].map(([name, raw]) => [name, { raw, source }]));
  return { values, report, problems: [], notes: [] };
}

function fallback(name: KeyName): Given | undefined {
  const raw = definition(name).fallback;
  return raw === undefined ? undefined : { raw, source: { layer: "default", name: "default" } };
}

/** A value as people may see it: a secret masked, a password inside a URL too. */
export function display(name: KeyName, raw: string): string {
  if (definition(name).secret) return mask(raw);
  return raw.replace(/^(\s*\w+:\/\/)[^/@\s]*@/, "$1••••@");
}

/** Where a value stands, in words. */
export function place(source: Source): string {
  return source.line === undefined ? source.name : `${source.name}, line ${source.line}`;
}

function invalid(name: KeyName, given: Given, message: string): Problem {
  const { source } = given;
  const remedy =
    source.layer === "flag"
      ? `Give ${source.name} another value.`
      : source.layer === "environment"
        ? `Change or unset ${name} in the environment.`
        : source.layer === "user-file"
          ? `Set it: amazon-chat config set ${name} VALUE`
          : `Correct that line, or remove it.`;
  const expected = definition(name).type.label;
  return {
    key: name,
    message: `${name} (${place(source)}) is ${quoted(display(name, given.raw))}; it ${message}.`,
    remedy: `${remedy}${message.includes(expected) ? "" : ` Expected: ${expected}.`}`,
  };
}

function quoted(value: string): string {
  const line = value.replace(/\p{Cc}+/gu, " ");
  return `"${line.length > 80 ? `${line.slice(0, 80)}…` : line}"`;
}

function ignoredNote(report: FileReport): string[] {
  if (report.ignored.length > 0 && report.layer === ".env") {
    return [
      `${report.shown}: ignored ${report.ignored.join(", ")}. A file that lies in a directory may not set these; use --env-file ${report.shown} if you trust it.`,
    ];
  }
  return [];
}
