import { type Entry, Roster } from "./roster.ts";

type Waiting = { at: number; ring: () => void };
/** Something that is called once, at the first tick after its time. */
export type Alarm = Entry<Waiting>;

const tickMs = 100;
/** Ticks without any alarm after which the clock stops. */
const patience = 50;

const pending = new Roster<Waiting>();
let timer: ReturnType<typeof setInterval> | undefined;
let idle = 0;
let now = 0;

/**
 * Rings `ms` from now, late by at most two ticks. One interval serves the whole process: a timer of its own for every
 * deadline of every request costs more than it is worth.
 */
export function setAlarm(ms: number, ring: () => void): Alarm {
  if (timer === undefined) start();
  return pending.add({ at: now + ms + tickMs, ring });
}

/** Takes an alarm back; one that has rung, or is undefined, is none. */
export function clearAlarm(alarm: Alarm | undefined): void {
  if (alarm) pending.remove(alarm);
}

function start(): void {
  now = performance.now();
  idle = 0;
  timer = setInterval(tick, tickMs);
  // A waiting alarm is no reason for a process to live.
  timer.unref();
}

function tick(): void {
  now = performance.now();
  pending.forEach(({ at, ring }, alarm) => {
    if (at > now) return;
    pending.remove(alarm);
    ring();
  });
  idle = pending.isEmpty ? idle + 1 : 0;
  if (idle < patience) return;
  clearInterval(timer);
  timer = undefined;
}
