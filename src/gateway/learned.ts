import type { ModelFacts } from "../core/models.ts";

const lifeMs = 24 * 3_600_000;
const most = 500;

/** What reactive downgrades taught about models, per base id, for 24 h (mapping B.12, L.4). */
export class Learned {
  readonly #patches = new Map<string, { patch: Partial<ModelFacts>; until: number }>();
  readonly #now: () => number;

  /** `now`: monotonic ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  apply(facts: ModelFacts): ModelFacts {
    const key = facts.base || facts.id;
    const entry = this.#patches.get(key);
    if (!entry) return facts;
    if (entry.until < this.#now()) {
      this.#patches.delete(key);
      return facts;
    }
    return { ...facts, ...entry.patch };
  }

  remember(facts: ModelFacts, patch: Partial<ModelFacts>): void {
    const key = facts.base || facts.id;
    const oldest = this.#patches.keys().next();
    if (this.#patches.size >= most && !oldest.done) this.#patches.delete(oldest.value);
    this.#patches.set(key, { patch: { ...this.#patches.get(key)?.patch, ...patch }, until: this.#now() + lifeMs });
  }
}
