import type { ChatRequest, Tool } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import { cachePath } from "./cache.ts";
import type { ToolNames } from "./tool-names.ts";

/** `tools` (mapping G.3). Throws 400 for tools that only another dialect's own service runs. */
export function encodeTools(request: ChatRequest, names: ToolNames, losses: LossList): JsonObject[] | undefined {
  if (!request.tools?.length) return undefined;
  return request.tools.map((tool, i) => {
    const at = tool.at ?? `tools[${i}]`;
    if (tool.cache) losses.dropped(cachePath(tool) ?? `${at}.cache_control`, "cache point on a tool");
    switch (tool.kind) {
      case "function":
        return { type: "function", function: functionOf(tool, names) };
      case "custom":
        return { type: "custom", custom: customOf(tool, names) };
      case "provider": {
        const type = typeof tool.raw?.["type"] === "string" ? tool.raw["type"] : tool.name;
        throw GatewayError.unsupported(
          `${at}.type`,
          `tools.${i}.type: '${type}' is not supported for this model`,
          "unsupported_value",
        );
      }
      default:
        return tool.kind satisfies never;
    }
  });
}

function functionOf({ name, description, schema, strict }: Tool, names: ToolNames): JsonObject {
  return {
    name: names.of(name),
    ...(description !== undefined && { description }),
    ...(schema && { parameters: schema }),
    ...(strict !== undefined && { strict }),
  };
}

function customOf({ name, description, grammar }: Tool, names: ToolNames): JsonObject {
  return {
    name: names.of(name),
    ...(description !== undefined && { description }),
    ...(grammar && { format: { type: "grammar", grammar } }),
  };
}

/** `tool_choice`; undefined where it is the default. */
export function encodeChoice({ toolChoice, tools }: ChatRequest, names: ToolNames): Json | undefined {
  if (!toolChoice) return undefined;
  const picked = (name: string): JsonObject => {
    const type = tools?.find((tool) => tool.name === name)?.kind === "custom" ? "custom" : "function";
    return { type, [type]: { name: names.of(name) } };
  };
  if (toolChoice.allowed) {
    const mode = toolChoice.mode === "required" ? "required" : "auto";
    return { type: "allowed_tools", allowed_tools: { mode, tools: toolChoice.allowed.map(picked) } };
  }
  if (toolChoice.mode === "tool") return toolChoice.name === undefined ? "required" : picked(toolChoice.name);
  return toolChoice.mode;
}
