import type { ChatRequest } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Encoded, LossList } from "../../core/loss.ts";
import type { ModelFacts, OpenAIFacts } from "../../core/models/facts.ts";
import { rowOf } from "../../core/row-of.ts";
import { extensionNames } from "../extensions.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeOwn } from "./encode-own.ts";
import { encodeEffort } from "./encode-reasoning.ts";
import { encodeChoice, encodeTools } from "./encode-tools.ts";
import { ToolNames } from "./tool-names.ts";
import { id } from "./wire.ts";

/** Longest `safety_identifier` that every version of the API takes (mapping D.1). */
const longestUserId = 64;

/** The body for OpenAI (mapping G.3, G.4). A request of this dialect goes back as it came. */
export function encodeRequest(request: ChatRequest, facts: ModelFacts): Encoded<JsonObject> {
  const losses = new LossList(id);
  loseExtensions(request, losses);
  if (request.from === id) return { value: encodeOwn(request), losses: losses.items };
  const limits = facts.openai ?? unlimited;
  const names = new ToolNames();
  const body: JsonObject = { model: request.model };
  const effort = encodeEffort(request, limits, losses);
  if (request.maxTokens !== undefined) body[limits.maxTokensField] = request.maxTokens;
  sampling(request, limits, effort, body, losses);
  stop(request, limits, body, losses);
  const messages = encodeMessages(request, limits, names, losses);
  // Content of another format that cannot be told here is a loss; when it was all there was, nothing is left to ask.
  if (messages.length === 0)
    throw GatewayError.invalid("messages", "messages: no content that this model can be given");
  body["messages"] = messages;
  const tools = encodeTools(request, names, losses);
  if (tools) {
    body["tools"] = tools;
    const choice = encodeChoice(request, names);
    if (choice !== undefined) body["tool_choice"] = choice;
    if (request.parallelToolCalls !== undefined) body["parallel_tool_calls"] = request.parallelToolCalls;
  }
  if (effort !== undefined) body["reasoning_effort"] = effort;
  format(request, body);
  identity(request, body, losses);
  if (request.autoCache) losses.dropped(request.paths.autoCache ?? "cache_control", "automatic cache point");
  if (request.betas?.length) losses.dropped(request.paths.betas ?? "anthropic_beta", "beta flags");
  if (request.stream) {
    body["stream"] = true;
    // The callers of other formats always get the usage: the upstream must send it (mapping G.3).
    body["stream_options"] = { include_usage: true };
  }
  const toolNames = names.renamed();
  return { value: body, losses: losses.items, ...(toolNames && { memo: { toolNames } }) };
}

const unlimited: OpenAIFacts = {
  reasoning: false,
  efforts: [],
  sampling: "always",
  maxTokensField: "max_tokens",
  stop: true,
  systemRole: "system",
  toolsNeedNone: false,
  cacheBreakpoints: false,
};

function loseExtensions(request: ChatRequest, losses: LossList): void {
  for (const name of extensionNames) {
    if (request.extensions?.[name] !== undefined) losses.dropped(name, "gateway extension");
  }
  if (request.from !== id) return;
  // Claude's words in an OpenAI body are never forwarded to OpenAI (mapping B.11).
  if (request.reasoning?.thinking) losses.dropped("thinking", "gateway extension");
  const { output_config: config } = request.extras?.fields ?? {};
  if (config !== undefined && config !== null) losses.dropped("output_config", "gateway extension");
}

function sampling(
  request: ChatRequest,
  limits: OpenAIFacts,
  effort: string | undefined,
  body: JsonObject,
  losses: LossList,
): void {
  const { paths } = request;
  const free = limits.sampling === "always" || (limits.sampling === "with-none" && effort === "none");
  const put = (key: string, value: number | undefined, path: string | undefined, fits: boolean): void => {
    if (value === undefined) return;
    if (fits) body[key] = value;
    else losses.dropped(path ?? key, "sampling parameter");
  };
  put("temperature", request.temperature, paths.temperature, free);
  put("top_p", request.topP, paths.topP, free);
  put("top_k", request.topK, paths.topK, false);
  put("seed", request.seed, paths.seed, true);
  put("frequency_penalty", request.frequencyPenalty, paths.frequencyPenalty, !limits.reasoning);
  put("presence_penalty", request.presencePenalty, paths.presencePenalty, !limits.reasoning);
}

function stop(request: ChatRequest, limits: OpenAIFacts, body: JsonObject, losses: LossList): void {
  const path = request.paths.stop ?? "stop";
  const items = request.stop ?? [];
  if (items.length === 0) return;
  if (!limits.stop) return losses.dropped(path, "stop sequences");
  const kept = items.filter((item, i) => item !== "" || losses.dropped(`${path}[${i}]`, "empty stop sequence"));
  if (kept.length > 4) {
    throw GatewayError.invalid(path, `${path}: at most 4 items are supported for this model`, "array_above_max_length");
  }
  if (kept.length > 0) body["stop"] = kept;
}

function format({ responseFormat }: ChatRequest, body: JsonObject): void {
  if (!responseFormat) return;
  if (responseFormat.type === "json_object") {
    body["response_format"] = { type: "json_object" };
    return;
  }
  const { name = "response", description, schema, strict = true } = responseFormat;
  body["response_format"] = {
    type: "json_schema",
    json_schema: { name, ...(description !== undefined && { description }), schema, strict },
  };
}

function identity(request: ChatRequest, body: JsonObject, losses: LossList): void {
  const { serviceTier, metadata, userId, paths } = request;
  if (serviceTier !== undefined) body["service_tier"] = rowOf(tiers, serviceTier) ?? serviceTier;
  if (metadata) body["metadata"] = metadata;
  if (userId === undefined) return;
  body["safety_identifier"] = userId.slice(0, longestUserId);
  if (userId.length > longestUserId) losses.clamped(paths.userId, "user id longer than 64 characters");
}

/** Tiers of other formats in OpenAI's words (mapping D.1, C.1). */
const tiers: Readonly<Record<string, string>> = { standard_only: "default", reserved: "scale" };
