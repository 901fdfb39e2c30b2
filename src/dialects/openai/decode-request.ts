import type { ChatRequest, Params } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { splitExtensions } from "../extensions.ts";
import { leftOver } from "../read.ts";
import { inheritedTtl } from "./cache.ts";
import { atMost, decimal, integer, oneOf, read, required, shortEnough } from "./check.ts";
import { decodeMessages } from "./decode-messages.ts";
import { decodeReasoning } from "./decode-reasoning.ts";
import { decodeFormat } from "./decode-format.ts";
import { decodeChoice, decodeFunctionChoice, decodeFunctions, decodeTools } from "./decode-tools.ts";
import { id } from "./wire.ts";

type Body = { [key: string]: Json | undefined };
type Named = { params: Params; paths: ChatRequest["paths"]; consumed: Set<string> };

/**
 * Reads a Chat Completions body (mapping B.1). What the hub has no name for, and every spelling that it would not
 * give back by itself, stays in the extras.
 */
export function decodeRequest(body: JsonObject): ChatRequest {
  const model = required(body["model"], "model");
  const stream = read.boolean(body["stream"], "stream") === true;
  const options = read.object(body["stream_options"], "stream_options");
  if (options && !stream) {
    throw GatewayError.invalid(
      "stream_options",
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      null,
    );
  }
  read.boolean(options?.["include_obfuscation"], "stream_options.include_obfuscation");
  const ttl = inheritedTtl(body["prompt_cache_options"]);
  const { messages, legacy } = decodeMessages(body["messages"], ttl);
  const plain = isPlain(body);
  const { params, paths, consumed } = named(body, ttl, plain);
  if (!plain) checkUnnamed(body);
  const left = unread(body, consumed);
  const { extensions, rest } = plain ? { extensions: undefined, rest: left } : splitExtensions(left, read);
  const fields = leftOver(rest);
  return {
    from: id,
    model,
    stream,
    includeUsage: read.boolean(options?.["include_usage"], "stream_options.include_usage") === true,
    ...((body["functions"] ?? undefined) !== undefined || (legacy && !params.tools) ? { legacyFunctions: true } : {}),
    messages,
    ...params,
    ...(extensions && { extensions }),
    paths,
    ...(fields && { extras: { from: id, fields } }),
  };
}

/** What most bodies hold and nothing else. */
const plainKeys: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_completion_tokens",
  "max_tokens",
  "temperature",
  "top_p",
]);

/** Such a body is not asked for the forty other parameters: code that is run once a request is never warm. */
function isPlain(body: JsonObject): boolean {
  for (const key in body) if (!plainKeys.has(key)) return false;
  return true;
}

function named(body: JsonObject, ttl: string | undefined, plain: boolean): Named {
  const params: Params = {};
  const paths: ChatRequest["paths"] = {};
  const consumed = new Set(["model", "messages"]);
  /** Sets a parameter; `exact` says that the field goes back by itself as it came. */
  const set = <K extends keyof Params>(name: K, value: Params[K] | undefined, path: string, exact = true): void => {
    if (value === undefined) return;
    params[name] = value;
    paths[name] = path;
    if (exact) consumed.add(path);
  };
  if (body["stream"] === true) consumed.add("stream");

  const most = integer(body["max_completion_tokens"], "max_completion_tokens", { min: 1 }, "integer_below_min_value");
  const older = integer(body["max_tokens"], "max_tokens", { min: 1 }, "integer_below_min_value");
  if (most !== undefined) set("maxTokens", most, "max_completion_tokens");
  else set("maxTokens", older, "max_tokens");
  set("temperature", decimal(body["temperature"], "temperature", { min: 0, max: 2 }), "temperature");
  set("topP", decimal(body["top_p"], "top_p", { min: 0, max: 1 }), "top_p");
  if (plain) return { params, paths, consumed };
  set("topK", integer(body["top_k"], "top_k"), "top_k");
  set("seed", integer(body["seed"], "seed"), "seed");
  const penalty = { min: -2, max: 2 };
  set("frequencyPenalty", decimal(body["frequency_penalty"], "frequency_penalty", penalty), "frequency_penalty");
  set("presencePenalty", decimal(body["presence_penalty"], "presence_penalty", penalty), "presence_penalty");
  set("stop", decodeStop(body["stop"]), "stop", Array.isArray(body["stop"]));
  namedTools(body, ttl, params, paths, consumed);
  set("reasoning", ...decodeReasoning(body, older !== undefined && most === undefined ? older : most));
  const format = decodeFormat(body);
  if (format) set("responseFormat", format.value, format.path, false);
  const tiers = ["auto", "default", "flex", "scale", "priority", "fast"] as const;
  set("serviceTier", oneOf(body["service_tier"], "service_tier", tiers), "service_tier");
  set("metadata", decodeMetadata(body["metadata"]), "metadata");
  const safety = read.string(body["safety_identifier"], "safety_identifier");
  if (safety !== undefined) shortEnough(safety, "safety_identifier", 128);
  const user = read.string(body["user"], "user");
  if (safety !== undefined) set("userId", safety, "safety_identifier");
  else set("userId", user, "user");
  return { params, paths, consumed };
}

function namedTools(
  body: JsonObject,
  ttl: string | undefined,
  params: Params,
  paths: ChatRequest["paths"],
  consumed: Set<string>,
): void {
  const tools = decodeTools(body["tools"], ttl);
  const functions = decodeFunctions(body["functions"]);
  if (tools && functions) throw GatewayError.invalid("functions", "Cannot specify both 'tools' and 'functions'.", null);
  const choice = decodeChoice(body["tool_choice"], tools);
  const older = decodeFunctionChoice(body["function_call"], functions);
  const picked = tools ?? functions;
  if (picked) {
    const path = tools ? "tools" : "functions";
    params.tools = picked;
    paths.tools = path;
    consumed.add(path);
  }
  const chosen = choice ?? older;
  if (chosen) {
    const path = choice ? "tool_choice" : "function_call";
    params.toolChoice = chosen;
    paths.toolChoice = path;
    if (typeof body[path] === "string") consumed.add(path);
  }
  const parallel = read.boolean(body["parallel_tool_calls"], "parallel_tool_calls");
  if (parallel === undefined) return;
  if (!tools)
    throw GatewayError.invalid(
      "parallel_tool_calls",
      "'parallel_tool_calls' is only allowed when 'tools' are specified.",
      null,
    );
  params.parallelToolCalls = parallel;
  paths.parallelToolCalls = "parallel_tool_calls";
  consumed.add("parallel_tool_calls");
}

/** Empty items stay, so that losses name the caller's own indices (mapping B.1, K37). */
function decodeStop(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) throw GatewayError.type("stop", "one of a string or array of strings", value);
  const items = read.strings(value, "stop") ?? [];
  atMost(items, "stop", 4);
  return items;
}

function decodeMetadata(value: Json | undefined): Record<string, string> | undefined {
  const metadata = read.texts(value, "metadata");
  if (!metadata) return undefined;
  const pairs = Object.entries(metadata);
  if (pairs.length > 16) {
    throw GatewayError.invalid(
      "metadata",
      `Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with ${pairs.length} properties instead.`,
      "object_above_max_properties",
    );
  }
  for (const [key, text] of pairs) {
    shortEnough(key, "metadata", 64);
    shortEnough(text, `metadata.${key}`, 512);
  }
  return metadata;
}

/** Types and ranges of parameters that stay extras: `leave` decides what becomes of them. */
function checkUnnamed(body: Body): void {
  integer(body["n"], "n", { min: 1, max: 128 });
  read.boolean(body["logprobs"], "logprobs");
  integer(body["top_logprobs"], "top_logprobs", { min: 0, max: 20 });
  read.object(body["logit_bias"], "logit_bias");
  read.boolean(body["store"], "store");
  oneOf(body["verbosity"], "verbosity", ["low", "medium", "high"]);
  read
    .array(body["modalities"], "modalities")
    ?.forEach((item, i) => oneOf(item, `modalities[${i}]`, ["text", "audio"]));
  for (const key of ["audio", "prediction", "moderation", "web_search_options"]) read.object(body[key], key);
  for (const key of ["prompt_cache_key", "prompt_cache_retention"]) read.string(body[key], key);
}

function unread(body: JsonObject, consumed: ReadonlySet<string>): JsonObject {
  const fields: JsonObject = {};
  for (const key in body) {
    const value = body[key];
    if (value !== undefined && !consumed.has(key)) fields[key] = value;
  }
  return fields;
}
