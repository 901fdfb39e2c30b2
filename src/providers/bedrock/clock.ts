/** AWS refuses signatures whose time is off by more than five minutes. */
const toleranceMs = 5 * 60_000 - 30_000;

/** The time at AWS: ours, corrected when an answer's `Date` proves us wrong, as the SDK does. */
export class AwsClock {
  readonly #now: () => number;
  #offset = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Unix ms. */
  now(): number {
    return this.#now() + this.#offset;
  }

  /** Learns from a refused answer. True when the time was so wrong that this explains the refusal. */
  correct(headers: Headers): boolean {
    const date = Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(date) || Math.abs(date - this.now()) < toleranceMs) return false;
    this.#offset = date - this.#now();
    return true;
  }
}
