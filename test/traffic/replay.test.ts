import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { targets } from "./expectation.ts";
import { folders, type Recording, readRecordings, trafficDirectory } from "./recordings.ts";
import { replay } from "./replay.ts";
import { openStage, type Stage } from "./stage.ts";

const directory = trafficDirectory();

describe.skipIf(directory === undefined)("recorded traffic through the gateway (skipped: no recordings here)", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.stop());

  const cases = folders.flatMap((folder) => targets.map((target) => [folder, target] as const));
  test.each(cases)(
    "%s for target %s",
    async (folder, target) => {
      const wrong: string[] = [];
      let right = 0;
      for (const recording of readRecordings(directory ?? "", folder)) {
        if (target !== "none" && isRetried(recording)) continue;
        const outcome = await replay(stage, recording, target);
        if (outcome.verdict === "wrong") wrong.push(`${recording.file}: ${outcome.reasons.join("; ")}`);
        else if (outcome.verdict === "right") right += 1;
      }
      expect(wrong).toEqual([]);
      expect(right).toBeGreaterThan(0);
    },
    120_000,
  );
});

/** Answers that are tried three times cost a second each: here for one target, in `scripts/replay.ts` for all. */
function isRetried({ response }: Recording): boolean {
  return response.status === 429 || response.status >= 500;
}
