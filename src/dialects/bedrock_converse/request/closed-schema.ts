import { isObject, type Json, type JsonObject } from "../../../core/json.ts";

/** Tells where a schema lost something: the path of the keyword inside the schema. */
export type Told = (path: string, action: "dropped" | "approximated") => void;

const kept = new Set(
  "$ref $defs definitions title description default const enum type properties required items anyOf allOf".split(" "),
);
/** Keywords that Claude's native output refuses; told in words instead. */
const spoken = new Set(
  (
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern minItems maxItems " +
    "uniqueItems minProperties maxProperties not"
  ).split(" "),
);
const formats = new Set("date-time time date duration email hostname uri ipv4 ipv6 uuid".split(" "));
/** Labels that no model sees. */
const labels = new Set(["$schema", "$id", "$comment"]);

/**
 * A schema in the subset that Claude's native structured output takes (mapping B.6, trap T-74): objects closed,
 * limits moved into the description. `told` hears of every keyword that is no longer one.
 */
export function closedSchema(schema: JsonObject, told: Told, path = ""): JsonObject {
  const out: JsonObject = {};
  const limits: string[] = [];
  const isObjectSchema = schema["type"] === "object" || isObject(schema["properties"]);
  for (const [key, value] of Object.entries(schema)) {
    const at = path ? `${path}.${key}` : key;
    if (spoken.has(key) || (key === "format" && !(typeof value === "string" && formats.has(value)))) {
      limits.push(`${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
      told(at, "approximated");
    } else if (key === "format") out[key] = value;
    else if (key === "oneOf") {
      out["anyOf"] = list(value, told, at);
      told(at, "approximated");
    } else if (key === "additionalProperties") {
      out[key] = false;
      if (value !== false) told(at, "approximated");
    } else if (kept.has(key)) {
      out[key] = inner(key, value, told, at);
      if (key === "properties" && !("additionalProperties" in schema)) out["additionalProperties"] = false;
    } else if (!labels.has(key)) told(at, "dropped");
  }
  if (isObjectSchema) out["additionalProperties"] = false;
  if (limits.length > 0) {
    const said = out["description"];
    out["description"] = `${typeof said === "string" ? `${said}\n` : ""}${limits.join("; ")}.`;
  }
  return out;
}

function inner(key: string, value: Json, told: Told, at: string): Json {
  switch (key) {
    case "properties":
    case "$defs":
    case "definitions":
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, one(item, told, `${at}.${name}`)]))
        : value;
    case "anyOf":
    case "allOf":
      return list(value, told, at);
    case "items":
      return Array.isArray(value) ? list(value, told, at) : one(value, told, at);
    default:
      return value;
  }
}

function list(value: Json, told: Told, at: string): Json {
  return Array.isArray(value) ? value.map((item, i) => one(item, told, `${at}[${i}]`)) : value;
}

function one(value: Json, told: Told, at: string): Json {
  return isObject(value) ? closedSchema(value, told, at) : value;
}
