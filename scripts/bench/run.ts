/**
 * Measures the gateway against a pass-through of 30 lines and against no gateway at all, interleaved in one run.
 *
 *   bun run bench [--full] [--growth] [--rounds 5] [--only <part of a case's name>] [--peer <file>]...
 *
 * Prints a table in Markdown and writes dist/bench.json. Linux only: the CPU is read from /proc.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Case, cases, warmUps } from "./cases.ts";
import { gatewayCommand, root, startCallers, startGateway, startPassThrough, startUpstream } from "./contest.ts";
import { type Course, memoryCourse } from "./memory.ts";
import { measurePeer, type PeerFigures, peerLines } from "./peer.ts";
import { residentMegabytes, type Running } from "./processes.ts";
import { startTimes } from "./start-time.ts";
import { type Figures, table } from "./table.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    growth: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    peer: { type: "string", multiple: true, default: [] },
  },
});
const rounds = Number(values.rounds);
/** A round of 1,000 paced streams takes three seconds and is steady: it needs few. */
const slowRounds = values.full ? 3 : 1;

/** The growth table alone, everything, or what two minutes can hold. */
function wanted(entry: Case): boolean {
  return values.growth ? entry.growth === true : values.full || !entry.full;
}

const command = await gatewayCommand();
/** Of the minute before: what else runs here makes every figure worse, and the gateway's most. */
const loadBefore = loadavg()[0] ?? 0;
if (loadBefore > 1) console.error(`The machine is busy (load ${loadBefore.toFixed(1)}): read the figures with care.`);
const upstream = await startUpstream();
const passThrough = await startPassThrough(upstream);
const gateway = await startGateway(upstream, command);
const wide = values.full ? await startGateway(upstream, command, { WORKERS: "2" }) : undefined;
const callers = startCallers();
const contestants: { name: string; running: Running }[] = [
  { name: "direct", running: upstream },
  { name: "pass-through", running: passThrough },
  { name: "gateway", running: gateway },
];

const results: Record<string, Record<string, Figures[]>> = {};
const failures = new Set<string>();
try {
  const idle = residentMegabytes(gateway.pid);
  const chosen = cases.filter((entry) => wanted(entry) && entry.name.includes(values.only));
  // A just-in-time compiler is paid once in the life of a process: the first 20,000 requests of a kind cost up to twice as
  // much as those that follow (its threads are counted too). What is measured is a server that has been running.
  for (const entry of warmUps) {
    await callers.run(entry, gateway);
    if (entry.throughPassThrough) await callers.run(entry, passThrough);
  }
  console.error("warmed up");
  // Round 0 is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const entry of chosen) {
      const many = entry.load.connections >= 1000;
      if (many && (round === 0 || round > slowRounds)) continue;
      for (const { name, running } of contestants) {
        if (name !== "gateway" && !entry.throughPassThrough) continue;
        try {
          const figures = await callers.run(entry, (entry.workers ?? 1) > 1 && wide ? wide : running);
          if (round > 0) ((results[entry.name] ??= {})[name] ??= []).push(figures);
        } catch (error) {
          failures.add(`${entry.name}, ${name}: ${String(error)}`);
        }
      }
    }
    if (round > 0) console.error(`round ${round} of ${rounds}`);
  }
  const memory = { idle, after: residentMegabytes(gateway.pid), passThrough: residentMegabytes(passThrough.pid) };
  const started = await startTimes(command).catch((error: unknown) => {
    failures.add(`start: ${String(error)}`);
    return { firstAnswerMs: Number.NaN, versionMs: Number.NaN };
  });
  const course = values.growth
    ? undefined
    : await memoryCourse(upstream, command, callers).catch((error: unknown): Course | undefined => {
        failures.add(`memory: ${String(error)}`);
        return undefined;
      });
  console.log(table(chosen, results, memory, started, course));
  const peers: PeerFigures[] = [];
  for (const path of values.peer) {
    const work = chosen.filter((entry) => entry.throughPassThrough);
    await measurePeer(path, upstream, callers, work).then(
      (measured) => {
        peers.push(measured);
        console.log(peerLines(measured, results).join("\n"));
      },
      (error: unknown) => failures.add(`${path}: ${String(error)}`),
    );
  }
  for (const failure of failures) console.log(`FAILED ${failure}`);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, bun: Bun.version, loadBefore };
  mkdirSync(join(root, "dist"), { recursive: true });
  const file = { machine, rounds, results, memory, started, course, peers, failures: [...failures] };
  writeFileSync(join(root, "dist/bench.json"), JSON.stringify(file, null, 1));
  process.exitCode = failures.size > 0 ? 1 : 0;
} finally {
  callers.stop();
  await Promise.all([gateway.stop(), wide?.stop(), passThrough.stop()]);
  await upstream.stop();
}
