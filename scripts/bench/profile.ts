/**
 * A CPU profile of one bench case, from source.
 *
 *   bun run scripts/bench/profile.ts [part of a case's name] [--runs 5] [--lines 40]
 *
 * Writes dist/profile/*.cpuprofile (any Chrome opens it) and prints where the serving process spent its own time.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cases } from "./cases.ts";
import { fromSource, root, startCallers, startGateway, startUpstream } from "./contest.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "5" }, lines: { type: "string", default: "40" } },
});
const entry = cases.find((one) => one.name.includes(positionals[0] ?? ""));
if (!entry) throw new Error(`no case: ${cases.map((one) => one.name).join(", ")}`);

const folder = join(root, "dist/profile");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const upstream = await startUpstream();
const callers = startCallers();
const gateway = await startGateway(upstream, fromSource, {
  BUN_OPTIONS: `--cpu-prof --cpu-prof-interval=200 --cpu-prof-dir=${folder}`,
});
try {
  for (let run = 0; run < Number(values.runs); run += 1) {
    const figures = await callers.run(entry, gateway);
    console.error(`${entry.name}: ${figures.cpuMicros.toFixed(1)} µs of CPU a request (with the profiler on)`);
  }
} finally {
  callers.stop();
  await gateway.stop();
  await upstream.stop();
}

type Frame = { functionName: string; url: string; lineNumber: number };
type Profile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
};

/** The serving process is the one with the most samples. */
const profiles = readdirSync(folder).map((name): Profile => JSON.parse(readFileSync(join(folder, name), "utf8")));
const busiest = profiles.sort((a, b) => b.samples.length - a.samples.length)[0];
if (!busiest) throw new Error("no profile was written");
const names = new Map(busiest.nodes.map(({ id, callFrame }) => [id, frameName(callFrame)]));
const parents = new Map(busiest.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
const own = new Map<string, number>();
const within = new Map<string, number>();
let total = 0;
for (const [n, id] of busiest.samples.entries()) {
  const micros = busiest.timeDeltas[n] ?? 0;
  total += micros;
  add(own, names.get(id) ?? "?", micros);
  const stack = new Set<string>();
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) stack.add(names.get(at) ?? "?");
  for (const name of stack) add(within, name, micros);
}
print("own time", [...own]);
print(
  "time with all it calls",
  [...within].filter(([name]) => name.includes("src/")),
);

function add(to: Map<string, number>, name: string, micros: number): void {
  to.set(name, (to.get(name) ?? 0) + micros);
}

function print(title: string, rows: [string, number][]): void {
  console.log(`\n| ${title} | share | where |\n|---:|---:|---|`);
  for (const [name, micros] of rows.sort((a, b) => b[1] - a[1]).slice(0, Number(values.lines))) {
    console.log(`| ${(micros / 1000).toFixed(1)} ms | ${((100 * micros) / total).toFixed(1)} % | ${name} |`);
  }
}

function frameName({ functionName, url, lineNumber }: Frame): string {
  const file = url.replace(/^file:\/\//, "").replace(`${root}/`, "");
  return `${functionName || "(anonymous)"} ${file === "" ? "" : `${file}:${lineNumber + 1}`}`;
}
