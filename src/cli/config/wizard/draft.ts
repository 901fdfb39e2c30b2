import { withoutKey, withValue } from "../../../config/edit.ts";
import { definition, keyNames, type KeyName } from "../../../config/keys.ts";
import { display, readConfig, type Config, type LoadOptions } from "../../../config/load.ts";
import { unwritable } from "../settings-file.ts";

export type Change = { key: KeyName; before: string | undefined; after: string | undefined };

/** What the file will say: the answers so far over what it says now. Nothing is written before the end. */
export class Draft {
  readonly #options: LoadOptions;
  readonly #file: ReadonlyMap<KeyName, string>;
  readonly #answers = new Map<KeyName, string | null>();

  /** `file` is the file's own values; `options` is how everything around it is read. */
  constructor(file: ReadonlyMap<KeyName, string>, options: LoadOptions) {
    this.#file = file;
    this.#options = options;
  }

  get(key: KeyName): string | undefined {
    const answered = this.#answers.get(key);
    return answered === undefined ? this.#file.get(key) : (answered ?? undefined);
  }

  shown(key: KeyName): string | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : display(key, value);
  }

  set(key: KeyName, value: string | null): void {
    this.#answers.set(key, value);
  }

  /** Takes settings out of the file. */
  drop(...keys: readonly KeyName[]): void {
    for (const key of keys) this.#answers.set(key, null);
  }

  changes(): Change[] {
    return keyNames
      .map((key) => ({ key, before: this.#file.get(key), after: this.get(key) }))
      .filter(({ before, after }) => before !== after);
  }

  /** The configuration as it would be with this file: the environment and ./.env still stand above it. */
  config(): Config {
    const values = keyNames.flatMap((key): [KeyName, string][] => {
      const value = this.get(key);
      return value === undefined ? [] : [[key, value]];
    });
    return readConfig({ ...this.#options, draft: new Map(values) });
  }

  /** The file's text with the changes. Throws exit 2 for a value that no line can hold. */
  applyTo(text: string): string {
    let edited = text;
    for (const { key, after } of this.changes()) {
      for (const alias of definition(key).aliases ?? []) edited = withoutKey(edited, alias);
      const next = after === undefined ? withoutKey(edited, key) : withValue(edited, key, after);
      if (next === undefined) throw unwritable(key);
      edited = next;
    }
    return edited;
  }
}
