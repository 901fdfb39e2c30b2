import type { Block, CachePoint, ChatRequest, Message, Tool } from "../../../core/chat.ts";
import type { JsonObject } from "../../../core/json.ts";
import { cachePoint, type ConverseBody, id } from "../wire.ts";
import { ownBlock } from "./own-block.ts";

/** Names of `inferenceConfig` and of the hub. */
export const inferenceNames = {
  maxTokens: "maxTokens",
  temperature: "temperature",
  topP: "topP",
  stopSequences: "stop",
} as const;

/**
 * A Converse body from a request that was one: nothing is repaired, merged or left out (law *round trip*).
 * Members that the hub does not hold exactly are in the extras under their own names.
 */
export function encodeOwn(request: ChatRequest): JsonObject {
  const fields = request.extras?.from === id ? request.extras.fields : {};
  return { ...plainBody(request), ...fields };
}

/** The body from the hub's fields alone. */
export function plainBody(request: ChatRequest): JsonObject {
  const given = request.extensions ?? {};
  const body: ConverseBody = {};
  const system = request.messages.filter((message) => message.at === "system");
  if (system.length > 0) body.system = system.flatMap(blocksOf);
  const turns = request.messages.filter((message) => message.at !== "system");
  if (turns.length > 0) body.messages = turns.map((turn) => ({ role: turn.role, content: blocksOf(turn) }));
  const inference: JsonObject = {};
  for (const [wire, name] of Object.entries(inferenceNames)) {
    const value = request[name];
    if (value !== undefined) inference[wire] = value;
  }
  if (Object.keys(inference).length > 0) body.inferenceConfig = inference;
  if (request.tools) body.toolConfig = { tools: request.tools.flatMap(toolWire), ...choiceWire(request) };
  if (given.additional_model_request_fields) body.additionalModelRequestFields = given.additional_model_request_fields;
  if (given.additional_model_response_field_paths)
    body.additionalModelResponseFieldPaths = given.additional_model_response_field_paths;
  if (given.guardrail_config) body.guardrailConfig = given.guardrail_config;
  if (given.performance_config) body.performanceConfig = given.performance_config;
  if (given.request_metadata) body.requestMetadata = given.request_metadata;
  if (given.prompt_variables) body.promptVariables = given.prompt_variables;
  if (request.serviceTier !== undefined) body.serviceTier = { type: request.serviceTier };
  const format = formatWire(request);
  if (format) body.outputConfig = format;
  return request.model === "" ? body : { modelId: request.model, ...body };
}

function blocksOf(message: Message): JsonObject[] {
  return message.content.flatMap((block: Block) => [ownBlock(block), ...mark(block.cache)]);
}

function mark(cache: CachePoint | undefined): JsonObject[] {
  return cache ? [cachePoint(cache.ttl)] : [];
}

function toolWire(tool: Tool): JsonObject[] {
  const spec: JsonObject = tool.raw ?? {
    toolSpec: {
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      inputSchema: { json: tool.schema ?? {} },
      ...(tool.strict !== undefined && { strict: tool.strict }),
    },
  };
  return [spec, ...mark(tool.cache)];
}

function choiceWire({ toolChoice }: ChatRequest): Pick<NonNullable<ConverseBody["toolConfig"]>, "toolChoice"> {
  switch (toolChoice?.mode) {
    case "auto":
      return { toolChoice: { auto: {} } };
    case "required":
      return { toolChoice: { any: {} } };
    case "tool":
      return { toolChoice: { tool: { name: toolChoice.name ?? "" } } };
    default:
      return {};
  }
}

function formatWire({ responseFormat }: ChatRequest): JsonObject | undefined {
  if (responseFormat?.type !== "json_schema") return undefined;
  const { name, description, schema } = responseFormat;
  const jsonSchema: JsonObject = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    schema: JSON.stringify(schema),
  };
  return { textFormat: { type: "json_schema", structure: { jsonSchema } } };
}
