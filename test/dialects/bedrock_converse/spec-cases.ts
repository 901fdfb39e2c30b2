import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../src/core/json.ts";
import { trafficFolder } from "../../traffic-folder.ts";

const file = trafficFolder && join(trafficFolder, "../spec/cases.jsonl");

export type Case = { id: string; note: string; fields: JsonObject };

/** The checked cases beside the specification; none in a plain clone. */
export const cases: readonly Case[] =
  file && existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => {
          const fields: JsonObject = JSON.parse(line);
          return { id: String(fields["id"]), note: String(fields["note"]), fields };
        })
    : [];

/** `{"$b64": "…"}` is how the cases write bytes. */
export function plainBytes(value: Json): Json {
  if (Array.isArray(value)) return value.map(plainBytes);
  if (!isObject(value)) return value;
  const bytes = value["$b64"];
  if (typeof bytes === "string") return bytes;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainBytes(item)]));
}
