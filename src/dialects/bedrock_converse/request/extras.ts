import type { ChatRequest } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../../core/json.ts";
import type { ConverseBody } from "../wire.ts";
import type { Work } from "./work.ts";

/** Deep-merges `over` onto `base`: objects are joined, anything else replaces (mapping B.11, `null` included). */
export function merged(base: JsonObject, over: JsonObject): JsonObject {
  const out: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = Object.hasOwn(out, key) ? out[key] : undefined;
    Object.defineProperty(out, key, {
      value: isObject(below) && isObject(value) ? merged(below, value) : value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return out;
}

type Parts = Pick<
  ConverseBody,
  "guardrailConfig" | "performanceConfig" | "requestMetadata" | "serviceTier" | "promptVariables"
>;

/** The parts of a request beside the conversation: guardrail, latency, metadata, tier, variables (mapping B.1, B.11). */
export function besides(work: Work, plainOnly: boolean): Parts {
  const { request, facts, losses } = work;
  const given = request.extensions ?? {};
  const parts: Parts = {};
  if (given.guardrail_config) parts.guardrailConfig = guardrail(given.guardrail_config, request.stream && !plainOnly);
  if (given.performance_config) {
    if (facts.performance) parts.performanceConfig = given.performance_config;
    else losses.dropped("performance_config", "performance");
  }
  const metadata = metadataOf(work);
  if (metadata) parts.requestMetadata = metadata;
  const tier = tierOf(work);
  if (tier) parts.serviceTier = { type: tier };
  if (given.prompt_variables) {
    if (facts.promptOnly) parts.promptVariables = variables(given.prompt_variables);
    else losses.dropped("prompt_variables", "prompt variables");
  }
  if (request.userId !== undefined) losses.dropped(request.paths.userId ?? "user", "user id");
  return parts;
}

/** `streamProcessingMode` exists on ConverseStream alone; without a stream it has no meaning to lose. */
function guardrail(config: JsonObject, streamed: boolean): JsonObject {
  if (streamed) return config;
  const { streamProcessingMode: _, ...rest } = config;
  return rest;
}

const metadataShape = /^[a-zA-Z0-9\s:_@$#=/+,.-]*$/;

/** Pairs that Bedrock's pattern refuses are dropped one by one; an empty object would be refused too. */
function metadataOf({ request, losses }: Work): Record<string, string> | undefined {
  const own = request.extensions?.request_metadata;
  const pairs = own ?? request.metadata;
  if (!pairs) return undefined;
  const path = own ? "request_metadata" : (request.paths.metadata ?? "metadata");
  if (own && request.metadata) losses.dropped(request.paths.metadata ?? "metadata", "metadata");
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(pairs)) {
    const fits =
      key.length >= 1 &&
      key.length <= 256 &&
      value.length <= 256 &&
      metadataShape.test(key) &&
      metadataShape.test(value) &&
      kept.length < 16;
    if (fits) kept.push([key, value]);
    else losses.dropped(`${path}.${key}`, "metadata");
  }
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** The caller's word for a service tier in Bedrock's words; `undefined`: that is the default anyway. */
const tiers: Readonly<Record<string, string | undefined>> = {
  auto: undefined,
  default: undefined,
  flex: "flex",
  priority: "priority",
  fast: "priority",
  scale: "reserved",
  reserved: "reserved",
};

function tierOf({ request, facts, losses }: Work): string | undefined {
  const wish = request.serviceTier;
  if (wish === undefined) return undefined;
  const path = request.paths.serviceTier ?? "service_tier";
  // Claude's `speed` is a tier on OpenAI alone (mapping D.1).
  if (path === "speed") {
    losses.dropped(path, "speed");
    return undefined;
  }
  const tier = Object.hasOwn(tiers, wish) ? tiers[wish] : undefined;
  if (tier !== undefined && facts.serviceTier) return tier;
  if (tier !== undefined || !Object.hasOwn(tiers, wish)) losses.dropped(path, "service tier");
  return undefined;
}

function variables(given: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]): [string, Json] => [
      name,
      typeof value === "string" ? { text: value } : value,
    ]),
  );
}

/** What the answer is asked to bring along: Claude's matched stop string is only found there (mapping B.11, C.3). */
export function responsePaths({ request, facts }: Work, plainOnly: boolean): string[] | undefined {
  const given = request.extensions?.additional_model_response_field_paths;
  const own = facts.stopSequencePath ? [request.stream && !plainOnly ? "/delta/stop_sequence" : "/stop_sequence"] : [];
  if (!given) return own.length > 0 ? own : undefined;
  const all = [...new Set([...given, ...own])];
  if (given.length > 10) {
    throw GatewayError.invalid(
      "additional_model_response_field_paths",
      "Invalid 'additional_model_response_field_paths': array too long. Expected an array with maximum length 10.",
      "array_above_max_length",
    );
  }
  // Ten at most: the caller's own come first.
  return all.length > 0 ? all.slice(0, 10) : undefined;
}

/** Beta flags go to Claude; others know none (mapping D.1). */
export function betasOf({ request, facts, losses }: Work): JsonObject {
  if (!request.betas?.length) return {};
  if (facts.claudeToolChoice) return { anthropic_beta: request.betas };
  losses.dropped(request.paths.betas ?? "anthropic_beta", "beta flags");
  return {};
}

/** A prompt resource takes messages and variables, nothing else: what else was asked is lost (mapping B.11). */
export function losePromptRest({ request, losses }: Work): void {
  const lost: [keyof ChatRequest["paths"], string][] = [
    ["maxTokens", "max_tokens"],
    ["temperature", "temperature"],
    ["topP", "top_p"],
    ["topK", "top_k"],
    ["stop", "stop"],
    ["seed", "seed"],
    ["frequencyPenalty", "frequency_penalty"],
    ["presencePenalty", "presence_penalty"],
    ["reasoning", "reasoning_effort"],
    ["parallelToolCalls", "parallel_tool_calls"],
    ["toolChoice", "tool_choice"],
    ["betas", "anthropic_beta"],
  ];
  for (const [name, path] of lost) {
    if (request[name] !== undefined) losses.dropped(request.paths[name] ?? path, "prompt resource");
  }
  if (request.extensions?.additional_model_request_fields)
    losses.dropped("additional_model_request_fields", "prompt resource");
  for (const name of ["tools", "responseFormat"] as const) {
    if (request[name] === undefined) continue;
    const path = request.paths[name] ?? (name === "tools" ? "tools" : "response_format");
    throw GatewayError.unsupported(path, `Prompt resources take messages and variables only, not '${path}'.`);
  }
}
