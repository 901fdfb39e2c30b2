import type { Keys } from "./sign.ts";

export type Identity = Keys & { expiration?: Date };

/** New keys are fetched this long before the old ones end. */
const earlyMs = 5 * 60_000;
/** With less than this left the old keys are not used for another call: it may be on its way for a while. */
const marginMs = 60_000;
/** No fetch within this time of the one before while the old keys still work: short-lived keys, a failing STS. */
const pauseMs = 10_000;

type Entry = {
  identity: Identity | undefined;
  fetchedAt: number;
  pending: Promise<Identity> | undefined;
};

/**
 * Keeps what a credential source gave, per region of its STS (traps T-75, T-76): one fetch at a time, whoever waits;
 * renewed before it ends, while the old keys still serve. `now` is Unix ms.
 */
export class Identities {
  readonly #fetch: (region: string) => Promise<Identity>;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #refused = new WeakSet<Identity>();

  constructor(fetch: (region: string) => Promise<Identity>, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** The keys, at once when they are there. Rejects with what the source threw. */
  get(region: string): Identity | Promise<Identity> {
    let entry = this.#entries.get(region);
    if (entry === undefined) {
      entry = { identity: undefined, fetchedAt: Number.NEGATIVE_INFINITY, pending: undefined };
      this.#entries.set(region, entry);
    }
    const { identity } = entry;
    if (identity === undefined) return this.#fetchOnce(region, entry);
    const ends = identity.expiration?.getTime();
    if (ends === undefined) return identity;
    const left = ends - this.#now();
    if (left >= earlyMs) return identity;
    if (left < marginMs && (left <= 0 || this.#now() - entry.fetchedAt >= pauseMs))
      return this.#fetchOnce(region, entry);
    if (this.#now() - entry.fetchedAt >= pauseMs) void this.#fetchOnce(region, entry).catch(() => undefined);
    return identity;
  }

  /** The upstream did not take these keys. */
  readonly refused = (identity: Identity): void => {
    this.#refused.add(identity);
  };

  /** Forgets refused keys. Keys that came since stay: of a thousand calls that fail together one fetches anew. */
  forgetRefused(): void {
    for (const entry of this.#entries.values()) {
      if (entry.identity && this.#refused.has(entry.identity)) entry.identity = undefined;
    }
  }

  #fetchOnce(region: string, entry: Entry): Promise<Identity> {
    entry.pending ??= this.#fetch(region)
      .then((identity) => (entry.identity = identity))
      .finally(() => {
        entry.pending = undefined;
        entry.fetchedAt = this.#now();
      });
    return entry.pending;
  }
}
