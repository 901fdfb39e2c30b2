import type { ChatRequest, Tool } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../../core/json.ts";
import type { ToolSpec } from "../wire.ts";
import { located, loseCache, type Marked } from "./cache.ts";
import type { ToolNames } from "./tool-names.ts";
import type { Work } from "./work.ts";

/** A tool definition as a `toolSpec` (mapping B.5.1). Throws 400 for what no model takes. */
export function toolSpecOf(tool: Tool, work: Work, names: ToolNames): Marked {
  const { request, facts, losses } = work;
  if (tool.kind === "provider") throw providerRefused(tool, request);
  checkName(tool, request);
  const custom = tool.kind === "custom";
  const description = descriptionOf(tool);
  const spec: ToolSpec = {
    name: names.upstream(tool.name),
    ...(description && { description }),
    inputSchema: { json: custom ? freeText() : objectSchema(tool, request) },
  };
  if (tool.strict) {
    if (facts.strictTools && isClosed(spec.inputSchema.json)) spec.strict = true;
    else losses.dropped(toolPath(tool, request, "strict"), "strict tool");
  }
  const cache = located(tool);
  const cached = cache && facts.cache && facts.cacheTools;
  if (!cached) loseCache(cache, tool.at, work);
  return {
    wire: { toolSpec: spec },
    ...(tool.at !== undefined && { at: tool.at }),
    ...(cached && { cache }),
  };
}

/** The definition of a tool that only history knows: Bedrock wants one for every name (mapping B.5.5, trap T-15). */
export function rememberedSpec(name: string): Marked {
  return { wire: { toolSpec: { name, inputSchema: { json: emptySchema() } } } };
}

/** Blank descriptions are refused (trap T-23); a grammar has no field of its own and is told in words. */
function descriptionOf(tool: Tool): string {
  const told = tool.description?.trim() ? tool.description : "";
  if (!tool.grammar) return told;
  return `${told}\nThe input must match this ${tool.grammar.syntax} grammar:\n${tool.grammar.definition}`;
}

/** Free text has no schema on Bedrock: one string field stands for it; the answer is unwrapped again (mapping C.4). */
function freeText(): JsonObject {
  return {
    type: "object",
    properties: { input: { type: "string", description: "Raw input for the tool." } },
    required: ["input"],
  };
}

function emptySchema(): JsonObject {
  return { type: "object", properties: {} };
}

function objectSchema(tool: Tool, request: ChatRequest): JsonObject {
  const schema = tool.schema;
  if (!schema || Object.keys(schema).length === 0) return emptySchema();
  const type = schema["type"];
  if (type === undefined || type === null) return { type: "object", ...without(schema, "type") };
  if (type === "object") return schema;
  const path = toolPath(tool, request, request.from === "bedrock_claude" ? "input_schema" : "parameters");
  throw GatewayError.invalid(
    path ?? "tools",
    `Invalid schema for function '${tool.name}': schema must be a JSON Schema of 'type: "object"', got 'type: "${typeName(type)}"'.`,
    "invalid_function_parameters",
  );
}

function without(schema: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = schema;
  return rest;
}

function typeName(type: Json): string {
  return typeof type === "string" ? type : JSON.stringify(type);
}

/** Every object schema says `additionalProperties: false`: what strict tools ask for. */
export function isClosed(schema: Json): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed);
  if (!isObject(schema)) return true;
  const open =
    (schema["type"] === "object" || isObject(schema["properties"])) && schema["additionalProperties"] !== false;
  return !open && Object.values(schema).every(isClosed);
}

/** OpenAI's own rule and text; other callers' names are renamed and mapped back. */
function checkName(tool: Tool, request: ChatRequest): void {
  if (request.from !== "openai") return;
  const path = toolPath(tool, request, "name") ?? "tools";
  if (!/^[a-zA-Z0-9_-]+$/.test(tool.name)) {
    throw GatewayError.invalid(
      path,
      `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    );
  }
  if (tool.name.length > 64) {
    throw GatewayError.invalid(
      path,
      `Invalid '${path}': string too long. Expected a string with maximum length 64, but got a string with length ${tool.name.length} instead.`,
      "string_above_max_length",
    );
  }
}

/** Where the caller wrote a field of a tool. */
function toolPath(tool: Tool, request: ChatRequest, field: string): string | undefined {
  if (!tool.at) return undefined;
  if (request.from !== "openai" || !/^tools\[\d+\]$/.test(tool.at)) return `${tool.at}.${field}`;
  return `${tool.at}.${tool.kind === "custom" ? "custom" : "function"}.${field}`;
}

function providerRefused(tool: Tool, request: ChatRequest): GatewayError {
  const type = tool.raw?.["type"];
  const shown = typeof type === "string" ? type : tool.name;
  if (request.from === "bedrock_claude") {
    const path = `${(tool.at ?? "tools").replace(/\[(\d+)\]/g, ".$1")}.type`;
    return GatewayError.invalid(path, `${path}: '${shown}' is not supported for this model`, "unsupported_value");
  }
  return GatewayError.invalid(
    tool.at ?? "tools",
    `Tools of type '${shown}' are not supported for this model.`,
    "unsupported_value",
  );
}
