import type { ChatRequest, Tool } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import { encodeCache } from "./encode-block.ts";
import { own } from "./wire.ts";

/** A free-text tool is a function with one string (mapping B.5.1, last rows). */
const customSchema: JsonObject = {
  type: "object",
  properties: { input: { type: "string", description: "Raw input for the tool." } },
  required: ["input"],
};

export function encodeTool(tool: Tool): JsonObject {
  if (tool.kind === "provider" && tool.raw) return tool.raw;
  const { grammar } = tool;
  const description = grammar
    ? `${tool.description ?? ""}\nThe input must match this ${grammar.syntax} grammar:\n${grammar.definition}`
    : tool.description;
  return {
    name: tool.name,
    ...(description !== undefined && { description }),
    input_schema: tool.kind === "custom" ? customSchema : (tool.schema ?? { type: "object", properties: {} }),
    ...(tool.strict !== undefined && { strict: tool.strict }),
    ...encodeCache(tool.cache),
    ...(tool.extras?.from === own && tool.extras.fields),
  };
}

const types = { auto: "auto", required: "any", tool: "tool", none: "none" } as const;

/** `tool_choice` with `disable_parallel_tool_use`, or nothing where the caller said nothing. */
export function encodeToolChoice(request: ChatRequest, losses: LossList): JsonObject {
  const { toolChoice, parallelToolCalls, paths } = request;
  const kept = request.extras?.from === own ? request.extras.fields["tool_choice"] : undefined;
  if (!toolChoice && parallelToolCalls !== false) return {};
  if (toolChoice?.allowed) losses.approximated(paths.toolChoice, "allowed tools");
  return {
    tool_choice: {
      type: types[toolChoice?.mode ?? "auto"],
      ...(toolChoice?.name !== undefined && { name: toolChoice.name }),
      ...(parallelToolCalls !== undefined &&
        toolChoice?.mode !== "none" && { disable_parallel_tool_use: !parallelToolCalls }),
      ...(typeof kept === "object" && !Array.isArray(kept) && kept),
    },
  };
}
