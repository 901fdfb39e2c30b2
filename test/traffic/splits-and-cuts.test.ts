import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { CutManner } from "../fakes/http.ts";
import { cutFaults, cuttable } from "./cuts.ts";
import { inRandomPieces, oneByteAtATime, randomFrom } from "./delivery.ts";
import { type Target, targets } from "./expectation.ts";
import { readRecordings, trafficDirectory } from "./recordings.ts";
import { replay } from "./replay.ts";
import { openStage, type Stage } from "./stage.ts";

const directory = trafficDirectory();
const streamed = [
  "bedrock/ConverseStream",
  "bedrock/InvokeModelWithResponseStream",
  "openai/chat.completions",
  "anthropic/messages",
] as const;
const manners: readonly CutManner[] = ["clean", "closed", "reset"];
const cutsOfEach = 3;

describe.skipIf(directory === undefined)(
  "recorded streams in pieces and cut short (skipped: no recordings here)",
  () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage();
    });
    afterAll(() => stage.stop());

    test.each(streamed)(
      "T-48 %s: random pieces say the same, each recording for the next target in turn",
      async (folder) => {
        const wrong: string[] = [];
        for (const [n, recording] of streams(folder).entries()) {
          const outcome = await replay(stage, recording, targetOf(n), inRandomPieces(n));
          if (outcome.verdict === "wrong") wrong.push(`${recording.file}, pieces ${n}: ${outcome.reasons.join("; ")}`);
        }
        expect(wrong).toEqual([]);
      },
      120_000,
    );

    test.each(streamed)(
      "T-48 %s: single bytes say the same (streams up to 3,000 bytes; `scripts/replay.ts --full` does them all)",
      async (folder) => {
        const wrong: string[] = [];
        for (const [n, recording] of streams(folder).entries()) {
          if (recording.response.bytes.length > 3000) continue;
          const outcome = await replay(stage, recording, targetOf(n), oneByteAtATime);
          if (outcome.verdict === "wrong") wrong.push(`${recording.file}: ${outcome.reasons.join("; ")}`);
        }
        expect(wrong).toEqual([]);
      },
      120_000,
    );

    test.each(streamed)(
      "T-46 %s: a stream that is cut anywhere never ends normally",
      async (folder) => {
        const wrong: string[] = [];
        const random = randomFrom(46);
        for (const [n, recording] of streams(folder).entries()) {
          const target = targetOf(n);
          const whole = cuttable(recording, target);
          if (!whole) continue;
          for (let k = 0; k < cutsOfEach; k += 1) {
            const length = Math.floor(random() * whole.complete);
            const manner = manners[(n + k) % manners.length] ?? "clean";
            const faults = await cutFaults(stage, recording, target, length, manner);
            if (faults.length > 0)
              wrong.push(
                `${recording.file} ${target} at ${length} of ${whole.bytes.length}, ${manner}: ${faults.join("; ")}`,
              );
          }
        }
        expect(wrong).toEqual([]);
      },
      120_000,
    );
  },
);

function streams(folder: (typeof streamed)[number]): ReturnType<typeof readRecordings> {
  return readRecordings(directory ?? "", folder).filter((recording) => recording.response.streamed);
}

function targetOf(n: number): Target {
  return targets[n % targets.length] ?? "openai";
}
