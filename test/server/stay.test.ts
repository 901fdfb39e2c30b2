/** What a chat request does to its connection: nothing, unless it lasts or its caller misbehaves. */
import { expect, test } from "bun:test";
import { setAlarm } from "../../src/core/alarm.ts";
import { newRecord, type RequestRecord } from "../../src/gateway/record.ts";
import { Load } from "../../src/server/load.ts";
import { Stay } from "../../src/server/stay.ts";

const request = new Request("http://localhost/v1/chat/completions");

function stay() {
  const load = new Load(1);
  const logged: RequestRecord[] = [];
  const seconds: number[] = [];
  const record = newRecord("r");
  const sockets = { timeout: (_: Request, s: number) => void seconds.push(s) };
  const parts = { load, log: (one: RequestRecord) => void logged.push(one) };
  return { load, logged, seconds, record, stay: new Stay(parts, request, sockets, record) };
}

/** Resolves when an alarm of that time rings. */
const rung = (ms: number): Promise<void> => new Promise((resolve) => setAlarm(ms, resolve));

test("a request that is soon over: its socket is told nothing, it is counted and logged once", async () => {
  const it = stay();
  it.stay.begin(50);
  expect(it.load.inFlight).toBe(1);
  it.stay.end();
  it.stay.end();
  await rung(100);
  expect([it.load.inFlight, it.logged.length, it.seconds]).toEqual([0, 1, []]);
  expect(it.record.durationMs).toBeGreaterThanOrEqual(0);
});

test("a request that lasts: silence is allowed, and limited again at its end", async () => {
  const it = stay();
  it.stay.begin(1);
  await rung(50);
  expect(it.seconds).toEqual([0]);
  it.stay.end();
  expect(it.seconds).toEqual([0, 60]);
});

test("a caller who takes nothing: its connection has one more second", () => {
  const it = stay();
  it.stay.begin();
  it.record.errorCode = "slow_reader";
  it.stay.end();
  expect(it.seconds).toEqual([1]);
});

test("one too many is refused and not counted out", () => {
  const it = stay();
  it.load.enter();
  expect(() => it.stay.begin()).toThrow("too many requests in flight");
  it.stay.end();
  expect([it.load.inFlight, it.logged.length]).toEqual([1, 0]);
});
