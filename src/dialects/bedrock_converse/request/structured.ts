import type { ResponseFormat } from "../../../core/chat.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Memo } from "../../../core/loss.ts";
import type { Marked } from "./cache.ts";
import { closedSchema } from "./closed-schema.ts";
import type { Work } from "./work.ts";

/** How structured output is brought about (mapping B.6). */
export type Structured = {
  outputConfig?: JsonObject;
  /** The JSON tool, offered and forced alone. */
  tool?: Marked;
  /** An instruction for the system prompt. */
  line?: string;
  json?: NonNullable<Memo["json"]>;
};

/** The name of the tool that the answer's reader hides again. */
export const jsonTool = "json_response";
const objectLine = "Respond with one valid JSON object and nothing else. Do not use Markdown fences.";

/** `free`: the request has no tools and no tool history, and thinking is not asked for. */
export function structuredOf(work: Work, free: boolean): Structured {
  const format = work.request.responseFormat;
  if (!format) return {};
  const path = work.request.paths.responseFormat ?? "response_format";
  if (format.type === "json_object") {
    work.losses.approximated(path, "json mode");
    return { line: objectLine, json: "object" };
  }
  if (work.facts.jsonSchema) return native(format, path, work);
  const forced = work.facts.tools && work.facts.toolChoice.includes("any");
  if (free && forced && isObjectSchema(format.schema)) return asTool(format, path, work);
  work.losses.approximated(path, "structured output");
  return { line: promptFor(format), json: "prompt" };
}

type JsonSchema = Extract<ResponseFormat, { type: "json_schema" }>;

/** Note that Converse takes the schema as a string. */
function native(format: JsonSchema, path: string, work: Work): Structured {
  const base = work.request.from === "openai" ? `${path}.json_schema.schema` : `${path}.schema`;
  const schema = work.facts.closedSchemas
    ? closedSchema(format.schema, (at, action) => work.losses[action](`${base}.${at}`, "schema keyword"))
    : format.schema;
  const jsonSchema: JsonObject = {
    ...(format.name !== undefined && { name: format.name }),
    ...(format.description?.trim() && { description: format.description }),
    schema: JSON.stringify(schema),
  };
  return { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema } } } };
}

function asTool(format: JsonSchema, path: string, work: Work): Structured {
  if (format.strict) {
    const at = work.request.from === "openai" ? `${path}.json_schema.strict` : path;
    work.losses.approximated(at, "strict structured output");
  }
  const description = format.description?.trim() ? format.description : "Respond with a JSON object.";
  const json = format.schema["type"] === undefined ? { type: "object", ...format.schema } : format.schema;
  return { tool: { wire: { toolSpec: { name: jsonTool, description, inputSchema: { json } } } }, json: "tool" };
}

function isObjectSchema(schema: JsonObject): boolean {
  return schema["type"] === "object" || (schema["type"] === undefined && schema["properties"] !== undefined);
}

function promptFor(format: JsonSchema): string {
  const about = format.description?.trim() ? `${format.description}\n` : "";
  return (
    `${about}JSON schema:\n${JSON.stringify(format.schema)}\n` +
    "You MUST answer with only a JSON object that matches the schema above. " +
    "Do not wrap it in markdown fences or include any other text."
  );
}
