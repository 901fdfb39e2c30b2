import type { GatewayError } from "../core/error.ts";
import { type Entry, Roster } from "../core/roster.ts";

/** Something under way that can be ended from outside, and may want to be looked at now and then. */
export type Watched = { interrupt(error: GatewayError): void; check?(now: number): void };
export type Place = Entry<Watched>;

/**
 * Everything under way, and one coarse clock for the streams among it: deadlines and heartbeats cost a timer per process,
 * not per chunk. The timer runs only while something is watched.
 */
export class Watch {
  /** Milliseconds of a monotonic clock, at most `tickMs` old while anything is watched. */
  now = performance.now();
  readonly #open = new Roster<Watched>();
  readonly #tickMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(tickMs = 100) {
    this.#tickMs = tickMs;
  }

  add(watched: Watched): Place {
    if (watched.check && this.#timer === undefined) {
      this.now = performance.now();
      this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    }
    return this.#open.add(watched);
  }

  remove(place: Place): void {
    this.#open.remove(place);
  }

  /** Ends everything that is open with this error; says how much that was. */
  cut(error: GatewayError): number {
    let count = 0;
    this.#open.forEach((watched) => {
      count++;
      watched.interrupt(error);
    });
    return count;
  }

  #tick(): void {
    this.now = performance.now();
    if (this.#open.isEmpty) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#open.forEach((watched) => watched.check?.(this.now));
  }
}
