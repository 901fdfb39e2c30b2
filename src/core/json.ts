/** Any JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. Absent keys read as `undefined` under `noUncheckedIndexedAccess`. */
export type JsonObject = { [key: string]: Json };

/** True for a JSON object: not null, not an array, not a number of `parseExact`. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !("rawJSON" in value && exact.isRawJSON(value))
  );
}

/** True for a string with at least one character that is not white space. */
export function isFilled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The value of a JSON text, exact; undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** The platform's own (ES2026), which its types do not know yet. */
const exact = JSON as typeof JSON & { rawJSON(text: string): Json; isRawJSON(value: object): boolean };
/** The shortest whole number that a double may not hold, where a value may stand (measured: 35 ns a delta). */
const longNumber = /(?:^|[\s:,[-])\d{16}/;

/**
 * The value of a JSON text whose long whole numbers (ids of 18 digits, the bounds of 64-bit integers in a schema) stay what
 * they are: `JSON.stringify` writes their digits back. Whoever reads a number takes it through `rounded`. Throws a
 * SyntaxError.
 */
export function parseExact(text: string): Json {
  return longNumber.test(text) ? (JSON.parse(text, keepDigits) as Json) : (JSON.parse(text) as Json);
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? exact.rawJSON(source)
    : value;
}

/** The number that a double makes of an exact one; everything else as it is. */
export function rounded<T>(value: T): T | number {
  return typeof value === "object" && value !== null && "rawJSON" in value && exact.isRawJSON(value)
    ? Number(value.rawJSON)
    : value;
}
