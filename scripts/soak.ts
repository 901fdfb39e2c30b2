/**
 * Mixed traffic with faults through one gateway, for hours if need be: does it grow, does it forget a socket, is every
 * answer right?
 *
 *   bun run soak [--minutes 20] [--callers 24] [--rest 40] [--slope 1] [--every 10]
 *
 * `--rest` are the ms between two requests of a caller, `--slope` the MB a minute that the worker's memory may grow by,
 * measured over the later half. Prints a line each `--every` seconds, the figures at the end, and exits 1 when memory or
 * sockets grow or an answer was wrong. GATEWAY_COMMAND runs a built binary. Linux only.
 */
import { parseArgs } from "node:util";
import { complaints, soak } from "./soak/run.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "20" },
    callers: { type: "string", default: "24" },
    rest: { type: "string", default: "40" },
    slope: { type: "string", default: "1" },
    every: { type: "string", default: "10" },
  },
});
const callers = Number(values.callers);

const soaked = await soak({
  seconds: Number(values.minutes) * 60,
  callers,
  restMs: Number(values.rest),
  everyS: Number(values.every),
  say: (line) => console.log(line),
});
const { sockets, counts } = soaked;
for (const name of Object.keys(counts).toSorted()) console.log(`${String(counts[name]).padStart(8)} ${name}`);
console.log(`${soaked.requests} requests, memory ${soaked.startMB.toFixed(1)} → ${soaked.endMB.toFixed(1)} MB,`);
console.log(`slope ${soaked.slope.toFixed(2)} MB a minute over the later half,`);
console.log(
  `sockets ${sockets.before} before, ${sockets.early.toFixed(0)} early, ${sockets.late.toFixed(0)} late, ${sockets.after} after; ${soaked.upstream} upstream connections after`,
);
const found = complaints(soaked, { slope: Number(values.slope), callers });
for (const line of found) console.log(`FAILED ${line}`);
process.exitCode = found.length === 0 ? 0 : 1;
