/** Something that is called once, at the first tick after its time. */
export type Alarm = { at: number; ring: (() => void) | undefined; before: Alarm | undefined; after: Alarm | undefined };

const tickMs = 100;
/** Ticks without any alarm after which the clock stops. */
const patience = 50;

// A linked list, not a Set: adding to and deleting from a Set that lives long costs 15 µs under load (measured), this 0.1.
let first: Alarm | undefined;
let timer: ReturnType<typeof setInterval> | undefined;
let idle = 0;
let now = 0;

/**
 * Rings `ms` from now, late by at most two ticks. One interval serves the whole process: a timer of its own for every
 * deadline of every request costs more than it is worth.
 */
export function setAlarm(ms: number, ring: () => void): Alarm {
  if (timer === undefined) start();
  const alarm: Alarm = { at: now + ms + tickMs, ring, before: undefined, after: first };
  if (first) first.before = alarm;
  first = alarm;
  return alarm;
}

/** Takes an alarm back; one that has rung, or is undefined, is none. */
export function clearAlarm(alarm: Alarm | undefined): void {
  if (!alarm?.ring) return;
  alarm.ring = undefined;
  const { before, after } = alarm;
  if (before) before.after = after;
  else first = after;
  if (after) after.before = before;
  alarm.before = undefined;
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
  for (let alarm = first; alarm;) {
    const { after, ring } = alarm;
    if (alarm.at <= now) {
      clearAlarm(alarm);
      ring?.();
    }
    alarm = after;
  }
  idle = first === undefined ? idle + 1 : 0;
  if (idle < patience) return;
  clearInterval(timer);
  timer = undefined;
}
