import type { ResponseFormat } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { oneOf, read, required } from "./check.ts";

/**
 * `response_format`, or Claude's `output_config.format` in its place (mapping B.6, B.11). A schema that is missing
 * leaves plain JSON mode.
 */
export function decodeFormat(body: JsonObject): { value: ResponseFormat; path: string } | undefined {
  const wire = read.object(body["response_format"], "response_format");
  if (!wire) return claudeFormat(body);
  const path = "response_format";
  const type = oneOf(required(wire["type"], `${path}.type`), `${path}.type`, ["json_object", "json_schema", "text"]);
  if (type === "text" || type === undefined) return undefined;
  if (type === "json_object") return { path, value: { type } };
  const inner = read.object(wire["json_schema"], `${path}.json_schema`);
  if (!inner) throw GatewayError.missing(`${path}.json_schema`);
  const name = required(inner["name"], `${path}.json_schema.name`);
  const description = read.string(inner["description"], `${path}.json_schema.description`);
  const schema = read.object(inner["schema"], `${path}.json_schema.schema`);
  const strict = read.boolean(inner["strict"], `${path}.json_schema.strict`);
  if (!schema) return { path, value: { type: "json_object" } };
  return {
    path,
    value: {
      type,
      name,
      schema,
      ...(description !== undefined && { description }),
      ...(strict !== undefined && { strict }),
    },
  };
}

function claudeFormat(body: JsonObject): { value: ResponseFormat; path: string } | undefined {
  const path = "output_config.format";
  const format = read.object(read.object(body["output_config"], "output_config")?.["format"], path);
  if (!format) return undefined;
  oneOf(format["type"], `${path}.type`, ["json_schema"]);
  const schema = read.object(format["schema"], `${path}.schema`);
  if (!schema) throw GatewayError.missing(`${path}.schema`);
  return { path, value: { type: "json_schema", schema } };
}
