import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "../../src/core/events.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";

const root = join(import.meta.dir, "../fixtures");

/** One file of `test/fixtures/<dialect>/<kind>/`. */
export type Fixture<T> = { name: string; body: T };

function files(dialect: string, kind: string): Fixture<Json>[] {
  const folder = join(root, dialect, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ""),
      body: JSON.parse(readFileSync(join(folder, file), "utf8")),
    }));
}

function objects(dialect: string, kind: string): Fixture<JsonObject>[] {
  return files(dialect, kind).map(({ name, body }) => {
    if (!isObject(body)) throw new Error(`${dialect}/${kind}/${name} is no object`);
    return { name, body };
  });
}

export const requestsOf = (dialect: string): Fixture<JsonObject>[] => objects(dialect, "requests");
export const responsesOf = (dialect: string): Fixture<JsonObject>[] => objects(dialect, "responses");

/** Streams are lists of `{event?, data}` with the data as JSON, as the service sends them. */
export function streamsOf(dialect: string): Fixture<Frame[]>[] {
  return files(dialect, "streams").map(({ name, body }) => ({
    name,
    body: (Array.isArray(body) ? body : []).map((step) => {
      const { event, data } = isObject(step) ? step : {};
      const text = typeof data === "string" ? data : JSON.stringify(data);
      return typeof event === "string" ? { event, data: text } : { data: text };
    }),
  }));
}
