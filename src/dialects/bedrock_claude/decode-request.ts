import type { ChatRequest, Effort, Message, Params, ParamName, Reasoning, ResponseFormat } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { extensionNames, splitExtensions } from "../extensions.ts";
import { leftOver } from "../read.ts";
import { decodeCache, decodeContent, keptCache } from "./decode-block.ts";
import { decodeToolChoice, decodeTools } from "./decode-tools.ts";
import { missing, own, read, refuse } from "./wire.ts";

type Fields = { [key: string]: Json | undefined };

const efforts: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"] satisfies Effort[]);

/** Top-level fields that are read into the hub. Written as `null` they stay in the extras, to go back as they came. */
const named = [
  "max_tokens",
  "system",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "metadata",
  "service_tier",
  "speed",
  "cache_control",
  "anthropic_beta",
  "model",
  "stream",
  "messages",
];
const known: ReadonlySet<string> = new Set([...named, ...extensionNames]);

/**
 * An Anthropic Messages body (mapping D.1). Throws 400 in Anthropic's words for wrong types and missing fields.
 * What only Claude understands is kept for `leave` to judge, and for the way back.
 */
export function decodeRequest(body: JsonObject): ChatRequest {
  const extras: Fields = {};
  for (const [key, value] of Object.entries(body)) if (!known.has(key) || value === null) extras[key] = value;
  const maxTokens = read.integer(body["max_tokens"], "max_tokens");
  if (maxTokens === undefined) throw missing("max_tokens");
  if (maxTokens < 0) throw refuse("max_tokens", "Input should be greater than or equal to 0");
  const messages = [...systemMessage(body["system"]), ...decodeMessages(body["messages"])];
  const params: Params = { maxTokens };
  const paths: ChatRequest["paths"] = { maxTokens: "max_tokens" };
  const put = <K extends ParamName>(name: K, value: Params[K] | undefined, path: string): void => {
    if (value === undefined) return;
    params[name] = value;
    paths[name] = path;
  };
  put("temperature", read.number(body["temperature"], "temperature"), "temperature");
  put("topP", read.number(body["top_p"], "top_p"), "top_p");
  put("topK", read.integer(body["top_k"], "top_k"), "top_k");
  put("stop", read.strings(body["stop_sequences"], "stop_sequences"), "stop_sequences");
  put("tools", decodeTools(body["tools"]), "tools");
  const choice = decodeToolChoice(body["tool_choice"]);
  put("toolChoice", choice?.choice, "tool_choice");
  put("parallelToolCalls", choice?.parallel, "tool_choice.disable_parallel_tool_use");
  if (choice?.left) extras["tool_choice"] = choice.left;
  const output = decodeOutput(body, extras);
  put("reasoning", output.reasoning, output.reasoning?.thinking ? "thinking" : "output_config.effort");
  put("responseFormat", output.format, output.formatPath);
  put("userId", decodeMetadata(body["metadata"], extras), "metadata.user_id");
  put("serviceTier", read.string(body["service_tier"], "service_tier"), "service_tier");
  const speed = read.string(body["speed"], "speed");
  if (speed !== undefined) extras["speed"] = speed;
  if (speed === "fast" && params.serviceTier === undefined) put("serviceTier", "fast", "speed");
  put("autoCache", decodeCache(body["cache_control"], "cache_control"), "cache_control");
  Object.assign(extras, keptCache(body["cache_control"]));
  put("betas", decodeBetas(body["anthropic_beta"]), "anthropic_beta");
  put("extensions", splitExtensions(body, read).extensions, "extensions");
  const fields = leftOver(extras);
  return {
    from: own,
    model: read.string(body["model"], "model") ?? "",
    stream: read.boolean(body["stream"], "stream") ?? false,
    includeUsage: true,
    messages,
    paths,
    ...params,
    ...(fields && { extras: { from: own, fields } }),
  };
}

function systemMessage(system: Json | undefined): Message[] {
  const content = decodeContent(system, "system");
  return content.length > 0 || Array.isArray(system) ? [{ role: "system", content, at: "system" }] : [];
}

function decodeMessages(value: Json | undefined): Message[] {
  const list = read.objects(value, "messages");
  if (!list) throw missing("messages");
  if (list.length === 0) throw refuse("messages", "at least one message is required");
  return list.map((wire, i) => decodeMessage(wire, `messages[${i}]`));
}

function decodeMessage(wire: JsonObject, at: string): Message {
  const { role, content, ...rest } = wire;
  if (role !== "user" && role !== "assistant" && role !== "system")
    throw role === undefined
      ? missing(`${at}.role`)
      : refuse(`${at}.role`, "Input should be 'user', 'assistant' or 'system'");
  if (content === undefined || content === null) throw missing(`${at}.content`);
  const fields = leftOver(rest);
  return {
    role,
    content: decodeContent(content, `${at}.content`),
    at,
    ...(fields && { extras: { from: own, fields } }),
  };
}

/** `thinking`, and `output_config` with effort and format; `output_format` is the format's older place. */
function decodeOutput(
  body: JsonObject,
  extras: Fields,
): { reasoning: Reasoning | undefined; format: ResponseFormat | undefined; formatPath: string } {
  const thinking = read.object(body["thinking"], "thinking");
  const config = read.object(body["output_config"], "output_config");
  const { effort: word, format: inside, ...rest } = config ?? {};
  const effort = read.string(word, "output_config.effort");
  const knownEffort = isEffort(effort) ? effort : undefined;
  const older = read.object(body["output_format"], "output_format");
  const newer = decodeFormat(read.object(inside, "output_config.format"));
  const format = newer ?? decodeFormat(older);
  const left = leftOver({
    ...rest,
    ...(effort !== undefined && !knownEffort && { effort }),
    ...(!newer && inside !== undefined && { format: inside }),
  });
  if (left || (config && !knownEffort && !newer)) extras["output_config"] = left ?? {};
  if (older && (newer || !format)) extras["output_format"] = older;
  const reasoning: Reasoning = { ...(knownEffort && { effort: knownEffort }), ...(thinking && { thinking }) };
  return {
    reasoning: Object.keys(reasoning).length > 0 ? reasoning : undefined,
    format,
    formatPath: newer ? "output_config.format" : "output_format",
  };
}

function isEffort(value: string | undefined): value is Effort {
  return value !== undefined && efforts.has(value);
}

/** Only a plain `{type: "json_schema", schema}`: more than that stays as it is. */
function decodeFormat(format: JsonObject | undefined): ResponseFormat | undefined {
  if (!format || format["type"] !== "json_schema" || !isObject(format["schema"])) return undefined;
  return Object.keys(format).length === 2 ? { type: "json_schema", schema: format["schema"] } : undefined;
}

function decodeMetadata(value: Json | undefined, extras: Fields): string | undefined {
  const metadata = read.object(value, "metadata");
  if (!metadata) return undefined;
  const { user_id, ...rest } = metadata;
  const left = leftOver({ ...rest, ...(user_id === null && { user_id }) });
  if (left || user_id === undefined) extras["metadata"] = left ?? {};
  return read.string(user_id, "metadata.user_id");
}

function decodeBetas(value: Json | undefined): string[] | undefined {
  return typeof value === "string" ? [value] : read.strings(value, "anthropic_beta");
}
