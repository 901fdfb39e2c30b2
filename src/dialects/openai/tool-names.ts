/**
 * Names that OpenAI takes (at most 64 of `[a-zA-Z0-9_-]`) for names that it does not, and the way back (trap T-16).
 * The same name gets the same replacement in definitions, choices and history; no two names share one.
 */
export class ToolNames {
  readonly #upstream = new Map<string, string>();
  readonly #caller = new Map<string, string>();

  of(name: string): string {
    const known = this.#upstream.get(name);
    if (known !== undefined) return known;
    const fit = /^[a-zA-Z0-9_-]{1,64}$/.test(name) && !this.#caller.has(name) ? name : this.#made(name);
    this.#upstream.set(name, fit);
    this.#caller.set(fit, name);
    return fit;
  }

  /** Upstream name → caller's name for those that differ; undefined when none does. */
  renamed(): ReadonlyMap<string, string> | undefined {
    const changed = [...this.#caller].filter(([upstream, caller]) => upstream !== caller);
    return changed.length > 0 ? new Map(changed) : undefined;
  }

  #made(name: string): string {
    const clean = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 60) || "_";
    for (let i = 1; ; i++) {
      const made = i === 1 ? clean : `${clean}_${i}`;
      if (!this.#caller.has(made)) return made;
    }
  }
}
