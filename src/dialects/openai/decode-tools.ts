import type { Tool, ToolChoice } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { leftOver } from "../read.ts";
import { decodeCache } from "./cache.ts";
import { atMost, filled, oneOf, read, required, shortEnough, unknownValue } from "./check.ts";
import { without } from "./decode-parts.ts";
import { extras } from "./wire.ts";

/** `tools` (mapping B.5.1). */
export function decodeTools(value: Json | undefined, ttl: string | undefined): Tool[] | undefined {
  const items = read.objects(value, "tools");
  if (!items) return undefined;
  checkCount(items, "tools");
  const tools = items.map((item, i) => decodeTool(item, `tools[${i}]`, ttl));
  refuseDoubles(tools, "tools");
  return tools;
}

/** The deprecated `functions`: function tools without the wrapper (mapping B.5.6). */
export function decodeFunctions(value: Json | undefined): Tool[] | undefined {
  const items = read.objects(value, "functions");
  if (!items) return undefined;
  checkCount(items, "functions");
  const tools = items.map((item, i) => {
    const { fields, rest } = functionFields(item, `functions[${i}]`);
    return { kind: "function", ...fields, at: `functions[${i}]`, ...extras(rest) } satisfies Tool;
  });
  refuseDoubles(tools, "functions");
  return tools;
}

function checkCount(items: readonly unknown[], path: string): void {
  filled(items, path);
  atMost(items, path, 128);
}

function decodeTool(item: JsonObject, path: string, ttl: string | undefined): Tool {
  const type = required(item["type"], `${path}.type`);
  if (type !== "function" && type !== "custom") throw unknownValue(`${path}.type`, type, ["function", "custom"]);
  const inner = read.object(item[type], `${path}.${type}`);
  if (!inner) throw GatewayError.missing(`${path}.${type}`);
  const cache = decodeCache(item, path, ttl) ?? decodeCache(inner, `${path}.${type}`, ttl);
  const { fields, rest } =
    type === "function" ? functionFields(inner, `${path}.function`) : customFields(inner, `${path}.custom`);
  const left = leftOver({ ...without(item, "type", type), ...(rest && { [type]: rest }) });
  return { kind: type, ...fields, at: path, ...(cache && { cache }), ...extras(left) };
}

type Fields = { fields: Omit<Tool, "kind">; rest: JsonObject | undefined };

function functionFields(wire: JsonObject, path: string): Fields {
  const name = toolName(wire["name"], `${path}.name`);
  const description = read.string(wire["description"], `${path}.description`);
  const schema = read.object(wire["parameters"], `${path}.parameters`);
  const strict = read.boolean(wire["strict"], `${path}.strict`);
  const type = schema?.["type"];
  if (type !== undefined && type !== null && type !== "object") {
    throw GatewayError.invalid(
      `${path}.parameters`,
      `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: "${typeof type === "string" ? type : JSON.stringify(type)}"'.`,
      "invalid_function_parameters",
    );
  }
  return {
    fields: {
      name,
      ...(description !== undefined && { description }),
      ...(schema && { schema }),
      ...(strict !== undefined && { strict }),
    },
    rest: without(
      wire,
      "name",
      ...(description === undefined ? [] : ["description"]),
      ...(schema ? ["parameters"] : []),
      ...(strict === undefined ? [] : ["strict"]),
    ),
  };
}

/** A custom tool's `format` stays in the extras as written; its grammar is what the hub needs of it. */
function customFields(wire: JsonObject, path: string): Fields {
  const name = toolName(wire["name"], `${path}.name`);
  const description = read.string(wire["description"], `${path}.description`);
  const format = read.object(wire["format"], `${path}.format`);
  const type = oneOf(format?.["type"], `${path}.format.type`, ["text", "grammar"]);
  const grammar = type === "grammar" ? read.object(format?.["grammar"], `${path}.format.grammar`) : undefined;
  if (type === "grammar" && !grammar) throw GatewayError.missing(`${path}.format.grammar`);
  return {
    fields: {
      name,
      ...(description !== undefined && { description }),
      ...(grammar && {
        grammar: {
          syntax: required(grammar["syntax"], `${path}.format.grammar.syntax`),
          definition: required(grammar["definition"], `${path}.format.grammar.definition`),
        },
      }),
    },
    rest: without(wire, "name", ...(description === undefined ? [] : ["description"])),
  };
}

function toolName(value: Json | undefined, path: string): string {
  const name = required(value, path);
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) {
    throw GatewayError.invalid(
      path,
      `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    );
  }
  shortEnough(name, path, 64);
  return name;
}

function refuseDoubles(tools: readonly Tool[], param: string): void {
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) throw GatewayError.invalid(param, `Duplicate tool name '${name}'.`);
    seen.add(name);
  }
}

/** `tool_choice` (mapping B.5.2), judged against the tools. */
export function decodeChoice(value: Json | undefined, tools: readonly Tool[] | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  const path = "tool_choice";
  const choice = typeof value === "string" ? { mode: mode(value, path) } : pickedTool(value, path);
  return allowed(choice, tools, path, "tools");
}

/** The deprecated `function_call` (mapping B.5.6). */
export function decodeFunctionChoice(
  value: Json | undefined,
  functions: readonly Tool[] | undefined,
): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  const path = "function_call";
  const choice: ToolChoice =
    typeof value === "string"
      ? { mode: oneOf(value, path, ["auto", "none"]) ?? "auto" }
      : { mode: "tool", name: required(read.object(value, path)?.["name"], `${path}.name`) };
  return allowed(choice, functions, path, "functions");
}

function mode(value: string, path: string): "none" | "auto" | "required" {
  return oneOf(value, path, ["none", "auto", "required"]) ?? "auto";
}

function pickedTool(value: Json, path: string): ToolChoice {
  if (!isObject(value)) throw GatewayError.type(path, "one of a string or an object", value);
  const type = required(value["type"], `${path}.type`);
  if (type === "allowed_tools") {
    const picked = read.object(value["allowed_tools"], `${path}.allowed_tools`);
    if (!picked) throw GatewayError.missing(`${path}.allowed_tools`);
    const listed = read.objects(picked["tools"], `${path}.allowed_tools.tools`) ?? [];
    return {
      mode: oneOf(picked["mode"], `${path}.allowed_tools.mode`, ["auto", "required"]) ?? "auto",
      allowed: listed.map((item, i) => pickedName(item, `${path}.allowed_tools.tools[${i}]`)),
    };
  }
  if (type !== "function" && type !== "custom")
    throw unknownValue(`${path}.type`, type, ["function", "allowed_tools", "custom"]);
  return { mode: "tool", name: pickedName(value, path) };
}

function pickedName(item: JsonObject, path: string): string {
  const type = item["type"] === "custom" ? "custom" : "function";
  return required(read.object(item[type], `${path}.${type}`)?.["name"], `${path}.${type}.name`);
}

function allowed(
  choice: ToolChoice,
  tools: readonly Tool[] | undefined,
  path: string,
  toolsPath: string,
): ToolChoice | undefined {
  if (!tools) {
    if ((choice.mode === "auto" || choice.mode === "none") && !choice.allowed) return choice;
    throw GatewayError.invalid(path, `'${path}' is only allowed when '${toolsPath}' are specified.`, null);
  }
  for (const name of [...(choice.name === undefined ? [] : [choice.name]), ...(choice.allowed ?? [])]) {
    if (!tools.some((tool) => tool.name === name))
      throw GatewayError.invalid(path, `Tool choice '${name}' not found in '${toolsPath}' parameter.`, null);
  }
  return choice;
}
