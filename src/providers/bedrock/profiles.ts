import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { BedrockSettings } from "./settings.ts";

export type Profile = { region?: string };

/** The profiles of AWS's two files by name, with what we need of them. Credentials are the SDK's business. */
export function readProfiles(files: BedrockSettings["files"]): Map<string, Profile> {
  const profiles = new Map<string, Profile>();
  const config = files?.config ?? join(homedir(), ".aws", "config");
  const credentials = files?.credentials ?? join(homedir(), ".aws", "credentials");
  // In `config` a profile is `[profile name]`, but for `[default]`; in `credentials` it is `[name]`.
  collect(text(config), /^(?:profile\s+(.+)|(default))$/, profiles);
  collect(text(credentials), /^(.+)$/, profiles);
  return profiles;
}

function collect(content: string, name: RegExp, profiles: Map<string, Profile>): void {
  let current: Profile | undefined;
  for (const line of content.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) {
      const match = name.exec(section.trim());
      const found = (match?.[1] ?? match?.[2])?.trim().replace(/^(["'])(.*)\1$/, "$2");
      current = found === undefined ? undefined : (profiles.get(found) ?? {});
      if (found !== undefined && current) profiles.set(found, current);
    } else if (current) {
      // An indented line belongs to a nested setting.
      const region = /^region\s*=\s*([^\s#;]+)/.exec(line)?.[1];
      if (region) current.region ??= region;
    }
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
