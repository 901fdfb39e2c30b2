import { GatewayError } from "../../core/error.ts";
import type { Json } from "../../core/json.ts";
import { readers } from "../read.ts";

/** Typed looks with OpenAI's wording. */
export const read = readers();

type Range = { min: number; max?: number };

/**
 * An integer within a range; absent and null read as undefined. Texts and codes are OpenAI's (mapping B.1).
 * `fraction` is the code of a number that is no integer.
 */
export function integer(
  value: Json | undefined,
  path: string,
  range?: Range,
  fraction = "invalid_type",
): number | undefined {
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw GatewayError.type(path, "an integer", value).with({ code: fraction });
  }
  return within(read.integer(value, path), path, "integer", range);
}

/** A number within a range; absent and null read as undefined. */
export function decimal(value: Json | undefined, path: string, range?: Range): number | undefined {
  return within(read.number(value, path), path, "decimal", range);
}

function within(value: number | undefined, path: string, word: "integer" | "decimal", range?: Range) {
  if (value === undefined || !range) return value;
  if (value < range.min) {
    throw GatewayError.invalid(
      path,
      `Invalid '${path}': ${word} below minimum value. Expected a value >= ${range.min}, but got ${value} instead.`,
      `${word}_below_min_value`,
    );
  }
  if (range.max !== undefined && value > range.max) {
    throw GatewayError.invalid(
      path,
      `Invalid '${path}': ${word} above maximum value. Expected a value <= ${range.max}, but got ${value} instead.`,
      `${word}_above_max_value`,
    );
  }
  return value;
}

/** A string out of a list; absent and null read as undefined. */
export function oneOf<T extends string>(value: Json | undefined, path: string, allowed: readonly T[]): T | undefined {
  const text = read.string(value, path);
  if (text === undefined) return undefined;
  const found = allowed.find((item) => item === text);
  if (found === undefined) throw unknownValue(path, text, allowed);
  return found;
}

/** "Invalid value: 'x'. Supported values are: 'a', 'b', and 'c'." */
export function unknownValue(path: string, value: string, allowed: readonly string[]): GatewayError {
  return GatewayError.invalid(path, `Invalid value: '${value}'. Supported values are: ${listed(allowed)}.`);
}

function listed(items: readonly string[]): string {
  const quoted = items.map((item) => `'${item}'`);
  if (quoted.length <= 2) return quoted.join(" and ");
  return `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
}

/** Throws for an empty array. */
export function filled(items: readonly unknown[], path: string): void {
  if (items.length > 0) return;
  throw GatewayError.invalid(
    path,
    `Invalid '${path}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    "empty_array",
  );
}

/** Throws for an array with more than `max` items. */
export function atMost(items: readonly unknown[], path: string, max: number): void {
  if (items.length <= max) return;
  throw GatewayError.invalid(
    path,
    `Invalid '${path}': array too long. Expected an array with maximum length ${max}, but got an array with length ${items.length} instead.`,
    "array_above_max_length",
  );
}

/** Throws for a string with more than `max` characters. */
export function shortEnough(text: string, path: string, max: number): void {
  if (text.length <= max) return;
  throw GatewayError.invalid(
    path,
    `Invalid '${path}': string too long. Expected a string with maximum length ${max}, but got a string with length ${text.length} instead.`,
    "string_above_max_length",
  );
}

/** A string that must be there. */
export function required(value: Json | undefined, path: string): string {
  const text = read.string(value, path);
  if (text === undefined) throw GatewayError.missing(path);
  return text;
}
