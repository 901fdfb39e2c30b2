/**
 * Document names as Converse takes them: letters, digits, single spaces, hyphens, round and square brackets,
 * unique in the request (mapping B.8, traps T-43, T-44).
 */
export class DocumentNames {
  readonly #used = new Set<string>();
  readonly #neutral: boolean;

  /** `neutral`: names say nothing, because the model reads them. */
  constructor(neutral: boolean) {
    this.#neutral = neutral;
  }

  name(wanted: string | undefined): string {
    const base = this.#neutral ? `document-${this.#used.size + 1}` : cleaned(wanted ?? "");
    let name = base;
    for (let copy = 2; this.#used.has(name); copy++) name = `${base} (${copy})`;
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
