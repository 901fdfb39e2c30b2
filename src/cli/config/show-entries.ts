import type { Layer } from "../../config/key.ts";
import { definition, keyNames, type KeyName } from "../../config/keys.ts";
import type { Given, Source } from "../../config/layers.ts";
import { display, type Config } from "../../config/load.ts";
import { readProfiles } from "../../providers/bedrock/profiles.ts";

/** One row of `config show`. `value` is masked unless secrets were asked for; null when it is not set. */
export type Entry = {
  key: KeyName;
  value: string | null;
  source: string;
  path: string | null;
  line: number | null;
  shadowed: { value: string; source: string }[];
};

/** Shown even when they are not set: what a person looks for first. */
const always = new Set<KeyName>([
  "API_KEY",
  "OPENAI_API_KEY",
  "AWS_PROFILE",
  "AWS_REGION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_ROLE_ARN",
  "DEFAULT_MODEL",
]);

export function entries(config: Config, { all, open }: { all: boolean; open: boolean }): Entry[] {
  const value = (key: KeyName, raw: string): string => (open ? raw : display(key, raw));
  return keyNames.flatMap((key) => {
    const { raw, source, shadows } = config.explain(key);
    const found = raw === undefined && key === "AWS_REGION" ? profileRegion(config) : undefined;
    if (!all && !always.has(key) && (source === undefined || source.layer === "default")) return [];
    return [
      {
        key,
        value: raw === undefined ? (found?.region ?? null) : value(key, raw),
        source: source === undefined ? (found?.source ?? "not set") : label(source),
        path: source?.path ?? null,
        line: source?.line ?? null,
        shadowed: shadows.map((given: Given) => ({ value: value(key, given.raw), source: label(given.source) })),
      },
    ];
  });
}

/** How many settings `entries` leaves out without `all`. */
export function hidden(shown: readonly Entry[]): number {
  return keyNames.filter((key) => definition(key).fallback !== undefined && !shown.some((entry) => entry.key === key))
    .length;
}

const labels: Partial<Record<Layer, string>> = { environment: "env", "user-file": "config" };

function label({ layer, name, line }: Source): string {
  if (layer === "environment") return name.replace(/^environment/, "env");
  return `${labels[layer] ?? name}${line === undefined || layer === "user-file" ? "" : `:${line}`}`;
}

/** The region that AWS's own files give, where no setting does (mapping J.1). */
function profileRegion(config: Config): { region: string; source: string } | undefined {
  if (config.get("AWS_DEFAULT_REGION") !== undefined) return undefined;
  const profile = config.get("AWS_PROFILE") ?? "default";
  const files = { config: config.get("AWS_CONFIG_FILE"), credentials: config.get("AWS_SHARED_CREDENTIALS_FILE") };
  const region = readProfiles(files).get(profile)?.region;
  return region === undefined
    ? undefined
    : { region, source: `${files.config ?? "~/.aws/config"} [profile ${profile}]` };
}
