import { GatewayError } from "../core/error.ts";
import { isObject, type Json, type JsonObject, rounded } from "../core/json.ts";

/** How a dialect words a wrong JSON type. `expected` is OpenAI's word for it: "a string", "an integer", "an object". */
export type Complaint = (path: string, expected: string, got: unknown) => GatewayError;

/**
 * Typed looks at a caller's JSON. Absent and `null` read as undefined, anything of another type throws
 * what `complain` makes of it: OpenAI's wording (mapping B.1) unless the dialect has its own.
 */
export function readers(complain: Complaint = GatewayError.type) {
  const reading =
    <T>(expected: string, fits: (value: unknown) => value is T) =>
    (value: Json | undefined, path: string): T | undefined => {
      if (value === undefined || value === null) return undefined;
      if (!fits(value)) throw complain(path, expected, value);
      return value;
    };
  const object = reading("an object", isObject);
  const array = reading("an array", (value): value is Json[] => Array.isArray(value));
  const number = reading("a number", (value): value is number => typeof value === "number" && Number.isFinite(value));
  const integer = reading("an integer", (value): value is number => Number.isInteger(value));
  const string = reading("a string", (value) => typeof value === "string");
  return {
    string,
    object,
    array,
    boolean: reading("a boolean", (value) => typeof value === "boolean"),
    number: (value: Json | undefined, path: string) => number(rounded(value), path),
    integer: (value: Json | undefined, path: string) => integer(rounded(value), path),
    /** An array of objects, each item checked. */
    objects(value: Json | undefined, path: string): JsonObject[] | undefined {
      return array(value, path)?.map((item, i) => {
        if (!isObject(item)) throw complain(`${path}[${i}]`, "an object", item);
        return item;
      });
    },
    /** An array of strings, each item checked. */
    strings(value: Json | undefined, path: string): string[] | undefined {
      return array(value, path)?.map((item, i) => {
        if (typeof item !== "string") throw complain(`${path}[${i}]`, "a string", item);
        return item;
      });
    },
    /** An object whose values are all strings. */
    texts(value: Json | undefined, path: string): Record<string, string> | undefined {
      const found = object(value, path);
      if (!found) return undefined;
      const texts: Record<string, string> = {};
      for (const [key, item] of Object.entries(found)) {
        if (typeof item !== "string") throw complain(`${path}.${key}`, "a string", item);
        texts[key] = item;
      }
      return texts;
    },
  };
}

/**
 * The fields of an object that hold something, but for the named ones: what a decoder did not name, for `extras`.
 * Undefined when none is left, which is the rule: then nothing is made.
 */
export function leftOver(
  from: { [key: string]: Json | undefined },
  named: readonly string[] = none,
): JsonObject | undefined {
  let fields: JsonObject | undefined;
  for (const key in from) {
    const value = from[key];
    if (value === undefined || named.includes(key)) continue;
    (fields ??= {})[key] = value;
  }
  return fields;
}

const none: readonly string[] = [];
