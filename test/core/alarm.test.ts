import { expect, test } from "bun:test";
import { clearAlarm, setAlarm } from "../../src/core/alarm.ts";

test("alarms ring in their time, taken back ones never, and one may take another back while ringing", async () => {
  const rung: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const gone = setAlarm(10, () => rung.push("gone"));
  const other = setAlarm(120, () => rung.push("other"));
  setAlarm(10, () => {
    rung.push("first");
    clearAlarm(other);
  });
  setAlarm(250, () => {
    rung.push("last");
    resolve();
  });
  clearAlarm(gone);
  clearAlarm(gone);
  clearAlarm(undefined);
  await promise;
  expect(rung).toEqual(["first", "last"]);
});

test("ten thousand alarms set and taken back leave nothing that rings", async () => {
  let rung = 0;
  const alarms = Array.from({ length: 10_000 }, () => setAlarm(1, () => rung++));
  for (const alarm of alarms.toReversed()) clearAlarm(alarm);
  const { promise, resolve } = Promise.withResolvers<void>();
  setAlarm(150, resolve);
  await promise;
  expect(rung).toBe(0);
});
