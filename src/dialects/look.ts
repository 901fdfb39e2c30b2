import { isObject, type Json, type JsonObject, rounded } from "../core/json.ts";

/** Lenient looks into an upstream's answer: a field of another type reads as absent, an answer is not judged by its spelling. */
export const look = {
  object(from: JsonObject | undefined, key: string): JsonObject | undefined {
    const value = from?.[key];
    return isObject(value) ? value : undefined;
  },
  objects(from: JsonObject | undefined, key: string): JsonObject[] {
    const value = from?.[key];
    return Array.isArray(value) ? value.filter(isObject) : [];
  },
  list(from: JsonObject | undefined, key: string): Json[] | undefined {
    const value = from?.[key];
    return Array.isArray(value) ? value : undefined;
  },
  text(from: JsonObject | undefined, key: string): string | undefined {
    const value = from?.[key];
    return typeof value === "string" ? value : undefined;
  },
  number(from: JsonObject | undefined, key: string): number | undefined {
    const value = rounded(from?.[key]);
    return typeof value === "number" ? value : undefined;
  },
};
