/** The processes of a bench run: started, measured from /proc, ended by their own id. */
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Running = { port: number; pid: number; stop(): Promise<void> };

export type Start = { command: string[]; env: Record<string, string> };

/** Starts a process that says its URL on stderr, and waits for it. */
export async function start({ command, env }: Start): Promise<Running> {
  const home = mkdtempSync(join(tmpdir(), "amazon-chat-bench-"));
  const path = join(home, "stderr");
  const log = openSync(path, "w");
  const child = Bun.spawn(command, {
    cwd: home,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: log,
  });
  closeSync(log);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await child.exited;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  };
  const deadline = performance.now() + 10_000;
  for (;;) {
    const port = /http:\/\/127\.0\.0\.1:([1-9]\d*)/.exec(readFileSync(path, "utf8"))?.[1];
    if (port) return { port: Number(port), pid: child.pid, stop };
    if (child.exitCode !== null || performance.now() > deadline) {
      const said = readFileSync(path, "utf8");
      await stop();
      throw new Error(`${command.join(" ")} did not start:\n${said}`);
    }
    await Bun.sleep(5);
  }
}

/** The process and all its descendants. */
export function family(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => family(Number(child))))];
}

/** CPU nanoseconds of every thread of the process and its descendants, by thread. */
export type Cpu = ReadonlyMap<string, number>;

export function cpuOf(pid: number): Cpu {
  const found = new Map<string, number>();
  for (const member of family(pid)) {
    for (const thread of tasks(member))
      found.set(thread, Number(read(`/proc/${member}/task/${thread}/schedstat`).split(" ")[0] ?? 0));
  }
  return found;
}

/** CPU seconds used between two looks. A thread that ended meanwhile (a compiler's, mostly) adds nothing: it must not take away. */
export function secondsBetween(before: Cpu, after: Cpu): number {
  let nanoseconds = 0;
  for (const [thread, used] of after) nanoseconds += used - (before.get(thread) ?? 0);
  return nanoseconds / 1e9;
}

/** Resident megabytes of each member of the process's family. */
export function residentMegabytes(pid: number): number[] {
  return family(pid).map((member) => (Number(read(`/proc/${member}/statm`).split(" ")[1] ?? 0) * 4096) / 1e6);
}

function tasks(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
