/** What a process looks like from outside (Linux). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The workers of a supervisor, by its process id. */
export function workersOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${child}/stat`, "utf8"))?.[1]) === pid;
      } catch {
        return false;
      }
    });
}

/** MB of memory that a process holds. */
export function rssOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? NaN) / 1024;
}

/** Seconds of CPU that a process has used, all its threads together. */
export function cpuOf(pid: number): number {
  // Behind the name, which may hold anything: user and system time are the 12th and 13th field, in ticks of 10 ms.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Open sockets of a process; a runtime's own descriptors come and go with its threads. */
export function socketsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;
}

/** Waits until `done` says so, looking every 50 ms. Throws what `said` gives after `withinMs`. */
export async function until(done: () => boolean, withinMs: number, said: () => string): Promise<void> {
  const end = performance.now() + withinMs;
  while (!done()) {
    if (performance.now() > end) throw new Error(said());
    await Bun.sleep(50);
  }
}
