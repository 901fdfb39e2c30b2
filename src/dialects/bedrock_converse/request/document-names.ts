/**
 * Document names as Converse takes them: letters, digits, single spaces, hyphens, round and square brackets,
 * unique in the request (mapping B.8, traps T-43, T-44).
 */
export class DocumentNames {
  readonly #used = new Set<string>();
  /** The next copy's number by name: a thousand documents of one name must not be tried one by one. */
  readonly #copies = new Map<string, number>();
  readonly #neutral: boolean;

  /** `neutral`: names say nothing, because the model reads them. */
  constructor(neutral: boolean) {
    this.#neutral = neutral;
  }

  name(wanted: string | undefined): string {
    const base = this.#neutral ? `document-${this.#used.size + 1}` : cleaned(wanted ?? "");
    let name = base;
    let copy = this.#copies.get(base) ?? 2;
    for (; this.#used.has(name); copy++) name = `${base} (${copy})`;
    this.#copies.set(base, copy);
    this.#used.add(name);
    return name;
  }
}

function cleaned(wanted: string): string {
  const name = wanted
    .replace(/\.[A-Za-z0-9]{1,5}$/, "")
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9 \-()[\]]+/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 180)
    .trim();
  return name || "document";
}
