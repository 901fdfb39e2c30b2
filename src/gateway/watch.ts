import type { GatewayError } from "../core/error.ts";

/** Something that must be looked at now and then while it is open. */
export type Watched = { check(now: number): void; interrupt(error: GatewayError): void };

/**
 * One coarse clock for all open streams: deadlines and heartbeats cost a timer per process, not per chunk.
 * The timer runs only while something is watched.
 */
export class Watch {
  /** Milliseconds of a monotonic clock, at most `tickMs` old while anything is watched. */
  now = performance.now();
  readonly #open = new Set<Watched>();
  readonly #tickMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(tickMs = 100) {
    this.#tickMs = tickMs;
  }

  add(watched: Watched): void {
    if (this.#open.size === 0) {
      this.now = performance.now();
      this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    }
    this.#open.add(watched);
  }

  remove(watched: Watched): void {
    if (this.#open.delete(watched) && this.#open.size === 0) clearInterval(this.#timer);
  }

  /** Ends everything that is open with this error; says how much that was. */
  cut(error: GatewayError): number {
    const open = [...this.#open];
    for (const watched of open) watched.interrupt(error);
    return open.length;
  }

  #tick(): void {
    this.now = performance.now();
    for (const watched of this.#open) watched.check(this.now);
  }
}
