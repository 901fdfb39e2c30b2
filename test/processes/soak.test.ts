/** The short form of scripts/soak.ts: mixed traffic with faults, every answer right, nothing left behind. */
import { expect, test } from "bun:test";
import { complaints, soak } from "../../scripts/soak/run.ts";
import { slopePerMinute } from "../../scripts/soak/trend.ts";

const onLinux = process.platform === "linux";
const seconds = 20;
const callers = 16;
/** MB a minute: in so short a time a process still grows into its work; a forgotten body of 1 MB would be ten times this. */
const slope = 250;

test.skipIf(!onLinux)(
  `T-81 ${seconds} s of mixed traffic with faults: every answer right, no socket left (skipped: not Linux)`,
  async () => {
    const soaked = await soak({ seconds, callers, restMs: 50, everyS: 1, say: () => undefined });
    expect(complaints(soaked, { slope, callers })).toEqual([]);
    expect(soaked.requests).toBeGreaterThan(300);
  },
  90_000,
);

test("the slope of a line is its slope, of a flat one 0", () => {
  const line = (perSecond: number) => Array.from({ length: 30 }, (_, at) => ({ at, value: 100 + perSecond * at }));
  expect(slopePerMinute(line(0.5))).toBeCloseTo(30);
  expect(slopePerMinute(line(0))).toBe(0);
  expect(slopePerMinute([])).toBe(0);
});

test("the soak complains of growth, of sockets and of wrong answers", () => {
  const flat = {
    requests: 9,
    counts: { plain: 9 },
    wrong: {},
    startMB: 80,
    endMB: 80,
    slope: 0,
    sockets: { before: 4, early: 20, late: 20, after: 20 },
    upstream: 0,
    exit: 0,
  };
  const limits = { slope: 1, callers: 16 };
  expect(complaints(flat, limits)).toEqual([]);
  expect(complaints({ ...flat, slope: 1.5 }, limits)).toEqual(["memory grows by 1.50 MB a minute, more than 1"]);
  expect(complaints({ ...flat, wrong: { "plain: no": 2 } }, limits)).toEqual(["2 times wrong: plain: no"]);
  expect(complaints({ ...flat, exit: 1 }, limits)).toHaveLength(1);
  expect(complaints({ ...flat, requests: 0 }, limits)).toHaveLength(1);
  const growing = { before: 4, early: 20, late: 60, after: 60 };
  expect(complaints({ ...flat, sockets: growing }, limits)).toHaveLength(2);
});
