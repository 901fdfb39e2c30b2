import { type Json, type JsonObject, parseJson } from "../../core/json.ts";
import { factsOnOpenAI } from "../../core/models.ts";
import type { Values } from "../command.ts";
import { usageError } from "../failure.ts";
import type { chatFlags } from "./flags.ts";
import { readBounded } from "./read-bounded.ts";

export type ChatFlags = Values<typeof chatFlags>;
/** The fields of a request beside model, messages and stream. `max-tokens` stays under a name of its own until sent. */
export type Options = { maxTokens?: number; fields: JsonObject };

/** The model options of the flags. Throws exit 2 for a value out of bounds. */
export function optionsOf(flags: ChatFlags): Options {
  const fields: JsonObject = {};
  const { temperature, "top-p": topP, "max-tokens": maxTokens, effort, tools } = flags;
  if (temperature !== undefined) fields["temperature"] = between("--temperature", temperature, 0, 2);
  if (topP !== undefined) fields["top_p"] = between("--top-p", topP, 0, 1);
  if (effort !== undefined) fields["reasoning_effort"] = effort;
  if (maxTokens !== undefined && (!Number.isInteger(maxTokens) || maxTokens < 1)) {
    throw usageError(`--max-tokens must be a whole number above 0, not ${maxTokens}.`);
  }
  if (tools !== undefined) fields["tools"] = toolsOf(tools);
  for (const option of flags.option) {
    const { key, value } = keyValue(option, "-o");
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return { fields, ...(maxTokens !== undefined && { maxTokens }) };
}

/** `key=value`, the value as JSON where it is JSON. */
export function keyValue(text: string, flag: string): { key: string; value: Json } {
  const [, key = "", value = ""] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (key === "") throw usageError(`${flag} takes key=value, not "${text}".`, `For example: ${flag} seed=7`);
  return { key, value: parseJson(value) ?? value };
}

/** The whole body of a request. The name of the token limit is a fact about the model. */
export function bodyOf(model: string, messages: readonly JsonObject[], options: Options, stream: boolean): JsonObject {
  const limit = factsOnOpenAI(model).openai?.maxTokensField ?? "max_tokens";
  return {
    model,
    messages: [...messages],
    ...options.fields,
    ...(options.maxTokens !== undefined && { [limit]: options.maxTokens }),
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
  };
}

function between(flag: string, value: number, min: number, max: number): number {
  if (value < min || value > max) throw usageError(`${flag} must be from ${min} to ${max}, not ${value}.`);
  return value;
}

function toolsOf(path: string): Json {
  const parsed = parseJson(new TextDecoder().decode(readBounded(path)));
  if (Array.isArray(parsed)) return parsed;
  throw usageError(`${path} holds no list of tools.`, `It must be JSON like [{"type":"function","function":{…}}].`);
}
