import * as v from "valibot";

/** A configuration value is text on disk and in the environment; a type says which text is right and what it means. */
export type Type<T> = {
  schema: v.GenericSchema<string, T>;
  /** For people: `integer 0–65535`, `on or off`. */
  label: string;
  /** The closed list of values, where there is one. */
  choices?: readonly string[];
};

/** Any text that is not blank. Surrounding white space is cut: a mounted secret often ends with a line break. */
export const text: Type<string> = {
  schema: v.pipe(v.string(), v.trim(), v.nonEmpty("must not be empty")),
  label: "text",
};

/** Text that goes into a header: printable ASCII. */
export const headerText: Type<string> = {
  schema: v.pipe(text.schema, v.regex(/^[\x20-\x7e]+$/, "must be printable ASCII, as a header takes it")),
  label: "text",
};

/** An absolute http or https URL without a trailing slash. */
export const url: Type<string> = {
  schema: v.pipe(
    v.string(),
    v.trim(),
    v.check(isHttpUrl, "must be a URL that starts with http:// or https://"),
    v.transform((value) => value.replace(/\/+$/, "")),
  ),
  label: "URL",
};

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): Type<number> {
  const label = `whole number from ${min} to ${max}`;
  return {
    schema: v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^\d{1,15}$/, `must be a ${label}`),
      v.transform(Number),
      v.minValue(min, `must be a ${label}`),
      v.maxValue(max, `must be a ${label}`),
    ),
    label,
  };
}

const words: Record<string, boolean> = {
  on: true,
  true: true,
  yes: true,
  "1": true,
  off: false,
  false: false,
  no: false,
  "0": false,
};

export const flag: Type<boolean> = {
  schema: v.pipe(
    v.string(),
    v.trim(),
    v.toLowerCase(),
    v.check((value) => Object.hasOwn(words, value), "must be on or off"),
    v.transform((value) => words[value] === true),
  ),
  label: "on or off",
  choices: ["on", "off"],
};

/** One of a closed list, in any case; `others` are accepted spellings of a choice. */
export function choice<const C extends string>(choices: readonly C[], others: Record<string, C> = {}): Type<C> {
  const label = choices.join(", ");
  const known = new Map<string, C>([
    ...Object.entries(others),
    ...choices.map((one): [string, C] => [one.toLowerCase(), one]),
  ]);
  return {
    schema: v.pipe(
      v.string(),
      v.trim(),
      v.rawTransform<string, C>(({ dataset, addIssue, NEVER }) => {
        const found = known.get(dataset.value.toLowerCase());
        if (found !== undefined) return found;
        addIssue({ message: `must be one of ${label}` });
        return NEVER;
      }),
    ),
    label,
    choices,
  };
}

/** Words between commas; blanks around them and empty ones are dropped. */
export const list: Type<readonly string[]> = {
  schema: v.pipe(
    v.string(),
    v.transform((value) =>
      value
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== ""),
    ),
  ),
  label: "comma-separated list",
};

const units: Record<string, number> = { ms: 1, s: 1000, "": 1000, m: 60_000, min: 60_000, h: 3_600_000 };
/** setTimeout takes no more. */
const longest = 2 ** 31 - 1;
const durationLabel = "seconds, or a number with ms, s, m or h";

/** A time; a bare number is seconds. In ms. */
export const duration: Type<number> = {
  schema: v.pipe(
    v.string(),
    v.rawTransform<string, number>(
      ({ dataset, addIssue, NEVER }) =>
        milliseconds(dataset.value) ?? (addIssue({ message: `must be ${durationLabel}` }), NEVER),
    ),
  ),
  label: durationLabel,
};

/** A time in ms, or `none` for no limit (undefined). */
export const durationOrNone: Type<number | undefined> = {
  schema: v.pipe(
    v.string(),
    v.rawTransform<string, number | undefined>(({ dataset, addIssue, NEVER }) => {
      if (/^\s*(?:none|off|never)\s*$/i.test(dataset.value)) return undefined;
      return milliseconds(dataset.value) ?? (addIssue({ message: `must be ${durationLabel}, or none` }), NEVER);
    }),
  ),
  label: `${durationLabel}; none for no limit`,
};

function milliseconds(value: string): number | undefined {
  const [, amount = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|)\s*$/i.exec(value) ?? [];
  if (amount === "") return undefined;
  const ms = Math.round(Number(amount) * (units[unit.toLowerCase()] ?? 1000));
  return ms <= longest ? ms : undefined;
}

const sizes: Record<string, number> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** A size in bytes: `26214400`, `25MiB`, `64k`. Units are powers of 1024. */
export const bytes: Type<number> = {
  schema: v.pipe(
    v.string(),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const [, amount = "", unit = ""] = /^\s*(\d{1,12})\s*([kmg]?)(?:i?b)?\s*$/i.exec(dataset.value) ?? [];
      const size = Number(amount) * (sizes[unit.toLowerCase()] ?? 1);
      if (amount !== "" && size > 0 && size <= 4 * 2 ** 30) return size;
      addIssue({ message: "must be a size in bytes, or a number with KiB, MiB or GiB, of at most 4 GiB" });
      return NEVER;
    }),
  ),
  label: "bytes, or a number with KiB, MiB or GiB",
};

/** How many processes: a number, or one for each core. */
export const workers: Type<number | "auto"> = {
  schema: v.pipe(
    v.string(),
    v.trim(),
    v.toLowerCase(),
    v.regex(/^(?:auto|[1-9]\d{0,2})$/, "must be auto or a whole number from 1 to 999"),
    v.transform((value) => (value === "auto" ? ("auto" as const) : Number(value))),
  ),
  label: "auto, or a whole number from 1 to 999",
};

/** A JSON object whose values are strings. */
export const stringMap: Type<Readonly<Record<string, string>>> = {
  schema: v.pipe(
    v.string(),
    v.rawTransform<string, Record<string, string>>(({ dataset, addIssue, NEVER }) => {
      const parsed = v.safeParse(v.record(v.string(), v.string()), tryJson(dataset.value));
      if (parsed.success) return parsed.output;
      addIssue({ message: "must be a JSON object with text values" });
      return NEVER;
    }),
  ),
  label: "JSON object with text values",
};

/** A text of a given shape, with the words that say which. */
export function pattern(shape: RegExp, label: string): Type<string> {
  return { schema: v.pipe(v.string(), v.trim(), v.regex(shape, `must be ${label}`)), label };
}

function tryJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isHttpUrl(value: string): boolean {
  const parsed = URL.parse(value);
  return parsed !== null && (parsed.protocol === "http:" || parsed.protocol === "https:") && parsed.hostname !== "";
}
