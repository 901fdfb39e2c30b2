import type { ChatRequest, Params } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isFilled, isObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Loss } from "../../core/loss.ts";
import type { Dialect } from "../dialect.ts";
import { splitExtensions } from "../extensions.ts";
import { leftOver, readers } from "../read.ts";
import { encodeForTitan } from "./encode-for-titan.ts";
import { parseTranscript, renderTranscript } from "./transcript.ts";
import { configKeys, defaultMaxTokens, titan } from "./wire.ts";

const read = readers((path, expected) => GatewayError.invalid(path, `${path}: expected ${expected}`, "invalid_type"));

/** A Titan body (mapping E.1, E.2). What the hub has no name for, an odd spelling too, stays in the extras. */
function decode(body: JsonObject): ChatRequest {
  const { model, stream, inputText, textGenerationConfig, ...others } = body;
  if (!isFilled(inputText))
    throw GatewayError.invalid("inputText", "inputText: expected a non-empty string", "invalid_type");
  const { extensions, rest } = splitExtensions(others, read);
  const turns = parseTranscript(inputText);
  const kept = leftOver({
    ...rest,
    ...(renderTranscript(turns) !== inputText && { inputText }),
    ...keptConfig(textGenerationConfig),
  });
  return {
    from: titan,
    model: read.string(model, "model") ?? "",
    stream: read.boolean(stream, "stream") ?? false,
    includeUsage: true,
    messages: turns.map(({ role, text }) => ({
      role,
      at: "inputText",
      content: [{ type: "text", text, at: "inputText" }],
    })),
    ...params(read.object(textGenerationConfig, "textGenerationConfig") ?? {}),
    ...(extensions && { extensions }),
    ...(kept && { extras: { from: titan, fields: kept } }),
  };
}

function params(config: JsonObject): Params & Pick<ChatRequest, "paths"> {
  const temperature = read.number(config["temperature"], "textGenerationConfig.temperature");
  const topP = read.number(config["topP"], "textGenerationConfig.topP");
  const maxTokens = read.integer(config["maxTokenCount"], "textGenerationConfig.maxTokenCount");
  const stop = read.strings(config["stopSequences"], "textGenerationConfig.stopSequences");
  if (maxTokens !== undefined && maxTokens < 1) {
    const path = "textGenerationConfig.maxTokenCount";
    throw GatewayError.invalid(path, `${path}: expected an integer greater than or equal to 1`);
  }
  return {
    // Titan's default stays, so that an answer does not grow with the model behind the name.
    maxTokens: maxTokens ?? defaultMaxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    paths: {
      ...(maxTokens !== undefined && { maxTokens: "textGenerationConfig.maxTokenCount" }),
      ...(temperature !== undefined && { temperature: "textGenerationConfig.temperature" }),
      ...(topP !== undefined && { topP: "textGenerationConfig.topP" }),
      ...(stop !== undefined && { stop: "textGenerationConfig.stopSequences" }),
    },
  };
}

/** The part of the configuration that `params` does not carry: unknown keys, nulls, an empty list, an empty object. */
function keptConfig(config: Json | undefined): { textGenerationConfig?: Json } {
  if (!isObject(config)) return config === undefined ? {} : { textGenerationConfig: config };
  const odd = Object.entries(config).filter(
    ([key, value]) => !isKnown(key) || value === null || (Array.isArray(value) && value.length === 0),
  );
  return odd.length > 0 || Object.keys(config).length === 0 ? { textGenerationConfig: Object.fromEntries(odd) } : {};
}

function isKnown(key: string): boolean {
  return configKeys.some((known) => known === key);
}

/** A body of this dialect for its own model: as it came. */
function encodeOwn(request: ChatRequest): JsonObject {
  const { inputText, textGenerationConfig, ...rest } = request.extras?.from === titan ? request.extras.fields : {};
  const { temperature, topP, maxTokens, stop, paths } = request;
  const config: JsonObject = {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && paths.maxTokens !== undefined && { maxTokenCount: maxTokens }),
    ...(stop && { stopSequences: stop }),
    ...(isObject(textGenerationConfig) && textGenerationConfig),
  };
  const hasConfig = Object.keys(config).length > 0 || isObject(textGenerationConfig);
  return {
    inputText: inputText ?? renderTranscript(request.messages.map(turnOf)) ?? "",
    ...(hasConfig ? { textGenerationConfig: config } : textGenerationConfig === null && { textGenerationConfig }),
    ...rest,
  };
}

function turnOf({ role, content }: ChatRequest["messages"][number]): Parameters<typeof renderTranscript>[0][number] {
  return { role, text: content.map((block) => (block.type === "text" ? block.text : "")).join("\n\n") };
}

/** Fields of other formats that say what the answer shall be: in a Titan body nobody would obey them. */
const instructions = new Set(["system", "tools", "tool_choice", "functions", "response_format", "images", "prompt"]);

/** Unknown fields are losses, but for those that would change the answer and those that Bedrock itself refuses (mapping E.1). */
function leave(request: ChatRequest): Loss[] {
  const { inputText: _, textGenerationConfig, ...rest } = request.extras?.from === titan ? request.extras.fields : {};
  const extraneous = isObject(textGenerationConfig) && Object.keys(textGenerationConfig).find((key) => !isKnown(key));
  if (extraneous) {
    const path = `textGenerationConfig.${extraneous}`;
    const message = `textGenerationConfig: extraneous key [${extraneous}] is not permitted`;
    throw GatewayError.unsupported(path, message, "unknown_parameter");
  }
  const losses: Loss[] = [];
  for (const [path, value] of Object.entries(rest)) {
    if (value === null) continue;
    if (instructions.has(path)) {
      const message = `extraneous key [${path}] is not permitted beside 'inputText'.`;
      throw GatewayError.unsupported(path, message, "unknown_parameter");
    }
    losses.push({ path, feature: "unknown field", action: "dropped" });
  }
  return losses;
}

export const request: Dialect["request"] = {
  decode,
  encode: (chat, facts) => (chat.from === titan ? { value: encodeOwn(chat), losses: [] } : encodeForTitan(chat, facts)),
  leave,
};
