/** Another gateway in the same run, told by a JSON file (CONTRIBUTING.md shows two): it gets the work that the pass-through gets too. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import type { Callers } from "./contest.ts";
import { residentMegabytes, type Running } from "./processes.ts";
import { type Figures, median } from "./table.ts";

type Peer = {
  name: string;
  /** `{upstream}` stands for the fake upstream's origin, here and in `env`, `headers` and `file`. */
  command: string[];
  port: number;
  env?: Record<string, string>;
  headers?: Record<string, string>;
  /** Text of a file that the command names as `{file}`. */
  file?: string;
};

export type PeerFigures = {
  name: string;
  figures: Record<string, Figures[]>;
  /** Work that it could not do, and why. */
  failed: ReadonlyMap<string, string>;
  memory: number[];
};

const startMs = 60_000;
/** They cost up to a hundred times as much: fewer requests say the same. */
const lighter = 16;
const rounds = 3;

export async function measurePeer(
  path: string,
  upstream: Running,
  callers: Callers,
  chosen: readonly Case[],
): Promise<PeerFigures> {
  const home = mkdtempSync(join(tmpdir(), "amazon-chat-peer-"));
  const filled = readFileSync(path, "utf8")
    .replaceAll("{upstream}", `http://127.0.0.1:${upstream.port}`)
    .replaceAll("{file}", join(home, "config"));
  const peer = JSON.parse(filled) as Peer;
  if (peer.file !== undefined) await Bun.write(join(home, "config"), peer.file);
  const child = Bun.spawn(peer.command, {
    cwd: home,
    env: { PATH: process.env["PATH"] ?? "", HOME: home, ...peer.env },
    stdio: ["ignore", "ignore", "ignore"],
  });
  try {
    await listening(peer.port, () => child.exitCode !== null);
    const running: Running = { port: peer.port, pid: child.pid, stop: async () => undefined };
    const figures: Record<string, Figures[]> = {};
    const failed = new Map<string, string>();
    // Round 0 warms up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const entry of chosen) {
        if (failed.has(entry.name)) continue;
        const requests = Math.max(entry.load.connections, Math.round(entry.load.requests / lighter));
        const load = { ...entry.load, requests, ...(peer.headers && { headers: peer.headers }) };
        try {
          const one = await callers.run({ ...entry, load }, running);
          if (round > 0) (figures[entry.name] ??= []).push(one);
        } catch (error) {
          failed.set(entry.name, String(error));
        }
      }
    }
    return { name: peer.name, figures, failed, memory: residentMegabytes(child.pid) };
  } finally {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await child.exited;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  }
}

async function listening(port: number, ended: () => boolean): Promise<void> {
  for (const deadline = performance.now() + startMs; performance.now() < deadline && !ended();) {
    const open = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: { open: (socket) => void socket.end(), data() {}, error() {} },
    }).then(
      () => true,
      () => false,
    );
    if (open) return;
    await Bun.sleep(100);
  }
  throw new Error(`nothing listens at port ${port}`);
}

/** A line a case: the peer's median, and how many times ours that is. */
export function peerLines(
  { name, figures, failed, memory }: PeerFigures,
  ours: Record<string, Record<string, Figures[]>>,
): string[] {
  const out = ["", `| ${name} | figure | ${name} | ours | ${name} : ours |`, "|---|---|---:|---:|---:|"];
  const shown: [string, (one: Figures) => number][] = [
    ["CPU µs a request", (one) => one.cpuMicros],
    ["p50 ms", (one) => one.p50],
    ["first byte p99 ms", (one) => one.firstP99],
    ["worst stall ms", (one) => one.worstStall],
  ];
  for (const [work, list] of Object.entries(figures)) {
    for (const [title, of] of shown) {
      const theirs = median(list.map(of));
      const own = median((ours[work]?.["gateway"] ?? []).map(of));
      if (own > 0) out.push(`| ${work} | ${title} | ${text(theirs)} | ${text(own)} | ${text(theirs / own)} × |`);
    }
  }
  for (const [work, why] of failed) out.push(`${name} failed at ${work}: ${why}`);
  out.push("", `RSS of ${name}, MB: ${memory.map((mb) => mb.toFixed(0)).join(" + ")}`);
  return out;
}

const text = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
