import { createHash } from "node:crypto";

const shape = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Names of tools as Bedrock takes them: `[a-zA-Z0-9_-]{1,64}` (mapping B.5.1, B.5.5). A name that has to change keeps
 * what it can, and never becomes the name of another tool (trap T-16).
 */
export class ToolNames {
  readonly #upstream = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `names`: all names of the request. Those that fit keep themselves, whatever comes before them. */
  constructor(names: Iterable<string>) {
    const all = [...new Set(names)];
    for (const name of all) if (shape.test(name)) this.#put(name, name);
    for (const name of all) if (!shape.test(name)) this.#put(name, this.#free(name));
  }

  upstream(name: string): string {
    return this.#upstream.get(name) ?? name;
  }

  /** Upstream name → caller's name, of the names that changed; undefined when none did. */
  changed(): ReadonlyMap<string, string> | undefined {
    if (this.#upstream.size === 0) return undefined;
    const changed = [...this.#upstream].filter(([name, upstream]) => name !== upstream);
    return changed.length > 0 ? new Map(changed.map(([name, upstream]) => [upstream, name])) : undefined;
  }

  #put(name: string, upstream: string): void {
    this.#upstream.set(name, upstream);
    this.#taken.add(upstream);
  }

  #free(name: string): string {
    const stripped = name.replace(/[^a-zA-Z0-9_-]/g, "").slice(0, 64) || "_";
    let candidate = stripped;
    for (let salt = 0; this.#taken.has(candidate); salt++) {
      const hash = createHash("sha256").update(`${salt}${name}`).digest("hex").slice(0, 8);
      candidate = `${stripped.slice(0, 55)}_${hash}`;
    }
    return candidate;
  }
}
