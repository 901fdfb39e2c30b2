import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { rowOf } from "../../core/row-of.ts";

/** How deep a schema is followed: one that contains itself has no other end. */
const deepest = 12;
/** How many parts of it are looked at: a schema of a few lines can ask for a value without end. */
const mostLooks = 2_000;

/**
 * A value that fits a JSON Schema, always the same one: the schema's own example, default or first choice where it has
 * one, else the smallest value. `name` is what a text is about.
 */
export function sample(schema: Json | undefined, name = "value"): Json {
  return new Sampler(isObject(schema) ? schema : {}).value(schema, name, 0);
}

class Sampler {
  readonly #root: JsonObject;
  #looks = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  value(given: Json | undefined, name: string, depth: number): Json {
    if (!isObject(given) || this.#looks > mostLooks) return {};
    const schema = this.#resolved(given);
    const [told] = [schema["const"], first(schema["enum"]), first(schema["examples"]), schema["default"]].filter(
      (value) => value !== undefined,
    );
    if (told !== undefined) return told;
    const choice = first(schema["anyOf"]) ?? first(schema["oneOf"]);
    if (choice !== undefined) return this.value(deepest > depth ? this.#with(schema, choice) : {}, name, depth + 1);
    switch (typeOf(schema)) {
      case "object":
        return this.#object(schema, depth);
      case "array":
        return this.#array(schema, name, depth);
      case "string":
        return text(schema, name);
      case "integer":
      case "number":
        return number(schema);
      case "boolean":
        return true;
      case "null":
        return null;
      default:
        return `example ${name}`;
    }
  }

  /** Follows local references and joins `allOf`. */
  #resolved(schema: JsonObject): JsonObject {
    if (++this.#looks > mostLooks) return schema;
    let found = schema;
    for (let i = 0; i < deepest && typeof found["$ref"] === "string"; i++) {
      const { $ref, ...rest } = found;
      found = { ...this.#target(typeof $ref === "string" ? $ref : ""), ...rest };
    }
    const { allOf, ...rest } = found;
    if (!Array.isArray(allOf)) return found;
    return allOf.reduce<JsonObject>((joined, part) => this.#with(joined, part), rest);
  }

  #target(reference: string): JsonObject {
    let node: Json | undefined = this.#root;
    for (const step of reference.replace(/^#\/?/, "").split("/").filter(Boolean)) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      node = isObject(node) ? node[key] : Array.isArray(node) ? node[Number(key)] : undefined;
    }
    return isObject(node) ? node : {};
  }

  #with(schema: JsonObject, part: Json): JsonObject {
    const { anyOf: _, oneOf: __, ...own } = schema;
    const other = isObject(part) ? this.#resolved(part) : {};
    const joined = { ...own, ...other };
    if (isObject(own["properties"]) && isObject(other["properties"]))
      joined["properties"] = { ...own["properties"], ...other["properties"] };
    if (Array.isArray(own["required"]) && Array.isArray(other["required"]))
      joined["required"] = [...own["required"], ...other["required"]];
    return joined;
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = isObject(schema["properties"]) ? schema["properties"] : {};
    const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
    const names = depth === 0 ? [...new Set([...Object.keys(properties), ...required])] : required;
    const value: JsonObject = {};
    if (depth < deepest)
      for (const name of names) value[name] = this.value(rowOf(properties, name) ?? {}, name, depth + 1);
    return value;
  }

  #array(schema: JsonObject, name: string, depth: number): Json[] {
    const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 1;
    const size = depth < deepest ? Math.min(least, 100) : 0;
    const tuple = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"] : [];
    const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : Number.POSITIVE_INFINITY;
    const count = Math.min(Math.max(size, tuple.length), most);
    return Array.from({ length: count }, (_, i) => this.value(tuple[i] ?? schema["items"] ?? {}, name, depth + 1));
  }
}

function first(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}

function typeOf(schema: JsonObject): string | undefined {
  const type = schema["type"];
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return type.map(String).find((one) => one !== "null") ?? "null";
  if (isObject(schema["properties"])) return "object";
  return schema["items"] === undefined ? undefined : "array";
}

const formats: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  time: "12:00:00Z",
  "date-time": "2026-01-31T12:00:00Z",
  duration: "PT1H",
  email: "someone@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

function text(schema: JsonObject, name: string): string {
  const format = schema["format"];
  const known = typeof format === "string" ? rowOf(formats, format) : undefined;
  if (known !== undefined) return known;
  const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Number.POSITIVE_INFINITY;
  return `example ${name}`.padEnd(Math.min(least, 10_000), ".").slice(0, most);
}

/** The number nearest to 1 within the bounds. */
function number(schema: JsonObject): number {
  const bound = (key: string): number | undefined => (typeof schema[key] === "number" ? schema[key] : undefined);
  const whole = typeOf(schema) === "integer";
  const multiple = bound("multipleOf");
  const step = multiple !== undefined && multiple > 0 ? multiple : whole ? 1 : undefined;
  const gap = step ?? 0.5;
  const above = bound("exclusiveMinimum");
  const below = bound("exclusiveMaximum");
  const least = Math.max(bound("minimum") ?? -Infinity, above === undefined ? -Infinity : above + gap);
  const most = Math.min(bound("maximum") ?? Infinity, below === undefined ? Infinity : below - gap);
  const near = Math.min(Math.max(1, least), most);
  if (step === undefined) return near;
  const up = Math.ceil(near / step) * step;
  return up > most ? Math.floor(near / step) * step : up;
}
