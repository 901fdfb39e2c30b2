import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "./environment.ts";

/** Where files of a person live. All absolute. */
export type Paths = { config: string; state: string; cache: string; home: string };

/**
 * The places of configuration, state and cache (cli.md 3.4): XDG on Linux and macOS, relative values of it ignored as
 * its specification says; %APPDATA% and %LOCALAPPDATA% on Windows. `given` is the path of --config.
 */
export function pathsOf(
  env: Environment,
  cwd: string,
  given?: string,
  platform: NodeJS.Platform = process.platform,
): Paths {
  const home = env["HOME"] || env["USERPROFILE"] || homedir();
  const base = (variable: string, otherwise: string): string => {
    const value = env[variable];
    return join(value && isAbsolute(value) ? value : otherwise, "amazon-chat");
  };
  const windows = platform === "win32";
  const local = join(home, "AppData", "Local");
  const chosen = given ?? (env["AMAZON_CHAT_CONFIG"]?.trim() || undefined);
  const config = windows
    ? base("APPDATA", join(home, "AppData", "Roaming"))
    : base("XDG_CONFIG_HOME", join(home, ".config"));
  return {
    config: chosen === undefined ? join(config, "config.env") : absolute(chosen, cwd, home),
    state: windows ? join(base("LOCALAPPDATA", local), "state") : base("XDG_STATE_HOME", join(home, ".local", "state")),
    cache: windows ? join(base("LOCALAPPDATA", local), "cache") : base("XDG_CACHE_HOME", join(home, ".cache")),
    home,
  };
}

/** A path from a flag or a setting: `~` is the home, a relative one starts at `cwd`. */
export function absolute(path: string, cwd: string, home: string): string {
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1));
  return isAbsolute(path) ? path : join(cwd, path);
}

/** A path as people write it: the home is `~`, what lies in the working directory starts with `./`. */
export function readable(path: string, cwd: string, home: string): string {
  if (path.startsWith(`${cwd}/`)) return `./${path.slice(cwd.length + 1)}`;
  return home !== "/" && path.startsWith(`${home}/`) ? `~/${path.slice(home.length + 1)}` : path;
}
