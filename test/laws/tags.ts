import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";

/** Keys whose text is a word of the format, or bytes: a mark in it would make another request of it. */
const fixed: ReadonlySet<string> = new Set(
  `type role model media_type format detail image_url url data file_data file_id bytes uri ttl effort reasoning_effort verbosity
  service_tier speed tool_choice function_call mode syntax anthropic_version anthropic_beta latency status inputText
  signature redactedContent modalities voice prompt_cache_retention search_context_size trace display
  modelId latency additionalModelResponseFieldPaths additional_model_response_field_paths guardrailVersion
  streamProcessingMode qualifiers container`.split(/\s+/),
);
/** Texts that stand in two places and have to agree. */
const names: ReadonlySet<string> = new Set(["name", "id", "tool_call_id", "tool_use_id", "toolUseId"]);
/** JSON Schemas: a mark in a keyword's value would make another schema. Their descriptions are text like any other. */
const schemas: ReadonlySet<string> = new Set(["parameters", "input_schema", "schema", "inputSchema"]);

export type Tagged = {
  body: JsonObject;
  /** Each mark with the places it was put in. */
  tags: Map<string, string[]>;
};

/** The body with a mark of its own in front of every free text; names and ids that are equal get the same mark. */
export function tagged(body: JsonObject): Tagged {
  const tags = new Map<string, string[]>();
  const ofName = new Map<string, string>();
  const tag = (path: string, name: string | undefined): string => {
    const known = name === undefined ? undefined : ofName.get(name);
    const mark = known ?? `Zq${tags.size}z`;
    if (name !== undefined) ofName.set(name, mark);
    tags.set(mark, [...(tags.get(mark) ?? []), path]);
    return mark;
  };
  const text = (value: string, key: string, path: string): string => {
    if (value.trim() === "") return value;
    if (key === "arguments") {
      const parsed = parsedObject(value);
      return parsed === undefined ? value : JSON.stringify(walk(parsed, "input", path, false, true));
    }
    return `${tag(path, names.has(key) ? value : undefined)}${value}`;
  };
  const walk = (node: Json, key: string, path: string, inSchema: boolean, pinned = false): Json => {
    if (Array.isArray(node))
      return node.map((item, i) => walk(item, key, pinned ? path : `${path}[${i}]`, inSchema, pinned));
    if (isObject(node)) {
      const plainText = node["type"] === "text" && typeof node["media_type"] === "string";
      return Object.fromEntries(
        Object.entries(node).map(([inner, value]) => {
          const at = pinned ? path : path ? `${path}.${inner}` : inner;
          if (inner === "data" && plainText && typeof value === "string") return [inner, text(value, "", at)];
          // Input of a tool is the model's own: its keys mean nothing here.
          const seen = key === "input" || key === "$input" ? "$input" : inner;
          return [inner, walk(value, seen, at, inSchema || schemas.has(inner), pinned)];
        }),
      );
    }
    if (typeof node !== "string" || fixed.has(key) || (inSchema && key !== "description")) return node;
    return text(node, key, path);
  };
  return { body: walk(body, "", "", false) as JsonObject, tags };
}

/** JSON text of an object, parsed; undefined for any other text. */
export function parsedObject(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
