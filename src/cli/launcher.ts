import { readFileSync } from "node:fs";
import type { Environment } from "../config/environment.ts";

/** ms between two looks: how late the end of the launcher may be seen. */
const lookMs = 500;
/** Processes between this one and npm: `bun run` and a shell, with one to spare. */
const farthest = 4;

type Kin = { parent: number; name: string };

/**
 * Calls back once when the npm (npx, `npm start`) that started this process is gone. npm 11 hands SIGTERM to its shell
 * alone, which dies of it and tells nobody (measured): without this the server would keep its port for ever. Linux only;
 * returns what ends the watch.
 */
export function watchLauncher(env: Environment, onGone: () => void): () => void {
  const line = env["npm_config_user_agent"]?.startsWith("npm/") ? lineToNpm(process.ppid) : [];
  if (line.length === 0) return () => undefined;
  const timer = setInterval(() => {
    if (line.every(([child, parent]) => kinOf(child)?.parent === parent)) return;
    clearInterval(timer);
    onGone();
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Child and parent, from `pid` up to npm; empty where there is none. A process whose parent ended has another one. */
function lineToNpm(pid: number): [child: number, parent: number][] {
  const line: [number, number][] = [];
  let at = pid;
  while (line.length < farthest) {
    const kin = kinOf(at);
    if (kin === undefined || kin.parent <= 1) return [];
    line.push([at, kin.parent]);
    if (kinOf(kin.parent)?.name.startsWith("npm")) return line;
    at = kin.parent;
  }
  return [];
}

function kinOf(pid: number): Kin | undefined {
  try {
    // `7 (a name) S 1 …`: the name may hold anything, brackets included.
    const [, name = "", parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return parent === undefined ? undefined : { parent: Number(parent), name };
  } catch {
    return undefined;
  }
}
