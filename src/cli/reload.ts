import { type FSWatcher, watch } from "node:fs";
import { dirname, basename, resolve } from "node:path";
import type { Config } from "../config/load.ts";

/** Editors write a file in several steps: one change is what came within this many ms. */
const settleMs = 150;

/** Calls back when a configuration file, or from source a source file, has changed. Returns what stops it. */
export function watchForReload(
  config: Config,
  envFiles: readonly string[],
  onChange: () => void,
  say: (line: string) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watchers: FSWatcher[] = [];
  const changed = (name: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      say(`${name} changed.`);
      onChange();
    }, settleMs);
  };
  // The folder is watched, not the file: editors and `config set` replace the file.
  for (const path of new Set([...envFiles, ".env", config.paths.config].map((file) => resolve(file)))) {
    try {
      watchers.push(watch(dirname(path), (_, name) => name === basename(path) && changed(path)));
    } catch {
      // A folder that is not there holds no file to watch.
    }
  }
  if (!/\$bunfs|~BUN/.test(Bun.main))
    watchers.push(
      watch(resolve(dirname(Bun.main)), { recursive: true }, (_, name) => name?.endsWith(".ts") && changed(name)),
    );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
