/**
 * Replays the recorded traffic through the gateway and prints what came out right, per operation and target.
 *
 *   bun run scripts/replay.ts [--full] [--only <part of a file name>] [--target <format>]
 *
 * --full adds every stream byte by byte, and every stream cut at every byte (sampled above 600 bytes).
 * TRAFFIC_DIR says where the recordings are; GATEWAY_COMMAND runs another build.
 */
import { parseArgs } from "node:util";
import type { CutManner } from "../test/fakes/http.ts";
import { cutFaults, cuttable } from "../test/traffic/cuts.ts";
import { inRandomPieces, oneByteAtATime, randomFrom } from "../test/traffic/delivery.ts";
import { type Target, targets } from "../test/traffic/expectation.ts";
import { type Folder, folders, type Recording, readRecordings, trafficDirectory } from "../test/traffic/recordings.ts";
import { asRecorded, type Delivery, type Outcome, replay } from "../test/traffic/replay.ts";
import { openStage, type Stage } from "../test/traffic/stage.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean" },
    only: { type: "string" },
    target: { type: "string" },
    verbose: { type: "boolean" },
  },
});

const manners: readonly CutManner[] = ["clean", "closed", "reset"];
const directory = trafficDirectory();
if (directory === undefined) {
  console.error("No recordings: set TRAFFIC_DIR to the folder that holds them.");
  process.exitCode = 2;
} else {
  const stage = await openStage();
  try {
    process.exitCode = (await run(stage, directory)) ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

async function run(stage: Stage, from: string): Promise<boolean> {
  const recordings = folders
    .flatMap((folder) => readRecordings(from, folder))
    .filter((r) => r.file.includes(values.only ?? ""));
  const chosen = targets.filter((target) => values.target === undefined || target === values.target);
  let good = await pass(stage, "as recorded", recordings, chosen, () => asRecorded);
  if (!values.full) return good;
  const streams = recordings.filter((recording) => recording.response.streamed);
  good = (await pass(stage, "in random pieces", streams, chosen, (n) => inRandomPieces(n))) && good;
  good = (await pass(stage, "byte by byte", streams, chosen, () => oneByteAtATime)) && good;
  return (await cutEverywhere(stage, streams, chosen)) && good;
}

async function pass(
  stage: Stage,
  title: string,
  recordings: readonly Recording[],
  chosen: readonly Target[],
  deliver: (n: number) => Delivery,
): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const [n, recording] of recordings.entries()) {
    for (const target of chosen) outcomes.push(await replay(stage, recording, target, deliver(n)));
  }
  printTable(title, outcomes, chosen);
  const wrong = outcomes.filter((outcome) => outcome.verdict === "wrong");
  for (const { recording, target, reasons } of wrong)
    console.log(`WRONG ${recording.file} → ${target}\n      ${reasons.join("\n      ")}`);
  return wrong.length === 0;
}

function printTable(title: string, outcomes: readonly Outcome[], chosen: readonly Target[]): void {
  console.log(`\nReplayed ${title}: right / judged (left out)\n`);
  console.log(`| operation | ${chosen.join(" | ")} | request verbatim | answer verbatim |`);
  console.log(`|---|${chosen.map(() => "---:|").join("")}---:|---:|`);
  for (const folder of folders) {
    const rows = outcomes.filter((outcome) => outcome.recording.folder === folder);
    if (rows.length === 0) continue;
    const cells = chosen.map((target) => cell(rows.filter((row) => row.target === target)));
    console.log(`| ${folder} | ${cells.join(" | ")} | ${edge(rows, "request")} | ${edge(rows, "answer")} |`);
  }
  const right = outcomes.filter((outcome) => outcome.verdict === "right").length;
  const judged = outcomes.filter((outcome) => outcome.verdict !== "excluded").length;
  console.log(`\n${right} of ${judged} right: ${((100 * right) / Math.max(1, judged)).toFixed(2)} %`);
  for (const [reason, count] of reasonsOf(outcomes)) console.log(`left out ${count}: ${reason}`);
}

function cell(rows: readonly Outcome[]): string {
  const right = rows.filter((row) => row.verdict === "right").length;
  const excluded = rows.filter((row) => row.verdict === "excluded").length;
  return `${right} / ${rows.length - excluded} (${excluded})`;
}

function edge(rows: readonly Outcome[], side: "request" | "answer"): string {
  const held = rows.map((row) => row.verbatim[side]).filter((value) => value !== undefined);
  return held.length === 0 ? "–" : `${held.filter(Boolean).length} / ${held.length}`;
}

function reasonsOf(outcomes: readonly Outcome[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.verdict !== "excluded") continue;
    const reason = `${outcome.recording.folder satisfies Folder}: ${outcome.reasons.join("; ")}`;
    out.set(reason, (out.get(reason) ?? 0) + 1);
  }
  return out;
}

async function cutEverywhere(stage: Stage, streams: readonly Recording[], chosen: readonly Target[]): Promise<boolean> {
  const random = randomFrom(1);
  let cuts = 0;
  let bad = 0;
  for (const [n, recording] of streams.entries()) {
    for (const target of chosen) {
      const whole = cuttable(recording, target);
      if (!whole) continue;
      const every = whole.complete <= 600;
      const count = every ? whole.complete : 60;
      for (let k = 0; k < count; k += 1) {
        const length = every ? k : Math.floor(random() * whole.complete);
        const manner = manners[(n + k) % manners.length] ?? "clean";
        const faults = await cutFaults(stage, recording, target, length, manner);
        cuts += 1;
        if (faults.length === 0) continue;
        bad += 1;
        console.log(
          `CUT ${recording.file} → ${target} at ${length} of ${whole.bytes.length}, ${manner}: ${faults.join("; ")}`,
        );
      }
    }
  }
  console.log(`\n${cuts} cuts, ${bad} with a wrong ending`);
  return bad === 0;
}
