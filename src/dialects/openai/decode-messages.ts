import type { Block, CachePoint, Message } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { decodeCache } from "./cache.ts";
import { filled, read, required, unknownValue } from "./check.ts";
import { decodeCall, decodeFunctionCall } from "./decode-calls.ts";
import { decodeContent, decodeThinking, without } from "./decode-parts.ts";
import { extras, roles } from "./wire.ts";

/** Deprecated calls that have no answer yet: their ids are made from the message's index (mapping B.5.6). */
type OpenCalls = { id: string; name: string }[];

/** The messages of a body. Throws 400 with the path of what is wrong; pairing of calls and results is not judged here. */
export function decodeMessages(
  value: Json | undefined,
  ttl: string | undefined,
): { messages: Message[]; legacy: boolean } {
  if (value === undefined || value === null) throw GatewayError.missing("messages");
  if (!Array.isArray(value)) throw GatewayError.type("messages", "an array of objects", value);
  filled(value, "messages");
  const open: OpenCalls = [];
  let legacy = false;
  const messages = value.map((item, i) => {
    const path = `messages[${i}]`;
    if (!isObject(item)) throw GatewayError.type(path, "an object", item);
    const named = required(item["role"], `${path}.role`);
    const role = roles.find((known) => known === named);
    read.string(item["name"], `${path}.name`);
    switch (role) {
      case "system":
      case "developer":
        return instructions(item, path, role, ttl);
      case "user":
        return marked({ role, at: path, content: decodeContent(item["content"], `${path}.content`, ttl) }, item, path, [
          "role",
          ...kept(item["content"]),
        ]);
      case "assistant":
        legacy ||= item["function_call"] !== undefined && item["function_call"] !== null;
        return assistant(item, path, i, ttl, open);
      case "tool":
        return toolResult(item, path, required(item["tool_call_id"], `${path}.tool_call_id`), ttl, ["tool_call_id"]);
      case "function":
        legacy = true;
        return functionResult(item, path, i, ttl, open);
      case undefined:
        throw unknownValue(`${path}.role`, named, roles);
      default:
        return role satisfies never;
    }
  });
  return { messages, legacy };
}

/** `developer` is remembered as an extra, so that it goes back under its own name. Only text instructs (mapping B.2). */
function instructions(item: JsonObject, path: string, role: string, ttl: string | undefined): Message {
  const content = decodeContent(item["content"], `${path}.content`, ttl);
  for (const block of content) {
    if (block.type !== "text")
      throw unknownValue(block.at ?? path, partType(item["content"], content.indexOf(block)), ["text"]);
  }
  const named = role === "developer" ? [] : ["role"];
  return marked({ role: "system", at: path, content }, item, path, [...named, ...kept(item["content"])]);
}

function partType(content: Json | undefined, index: number): string {
  const part = Array.isArray(content) ? content[index] : undefined;
  return isObject(part) && typeof part["type"] === "string" ? part["type"] : "";
}

function assistant(item: JsonObject, path: string, index: number, ttl: string | undefined, open: OpenCalls): Message {
  const said = decodeContent(item["content"], `${path}.content`, ttl);
  const thoughts = reasoning(item, path);
  const refusal = read.string(item["refusal"], `${path}.refusal`);
  const calls = read.objects(item["tool_calls"], `${path}.tool_calls`);
  const legacy = read.object(item["function_call"], `${path}.function_call`);
  const blocks: Block[] = [...thoughts.blocks, ...said];
  if (refusal) blocks.push({ type: "refusal", text: refusal, at: `${path}.refusal` });
  calls?.forEach((call, k) => blocks.push(decodeCall(call, `${path}.tool_calls[${k}]`, ttl)));
  if (legacy) {
    const call = decodeFunctionCall(legacy, `${path}.function_call`, index);
    open.push({ id: call.id, name: call.name });
    blocks.push(call);
  }
  return marked({ role: "assistant", at: path, content: blocks }, item, path, [
    "role",
    ...kept(item["content"]),
    ...thoughts.keys,
    ...(refusal ? ["refusal"] : []),
    ...(calls?.length ? ["tool_calls"] : []),
    ...(legacy ? ["function_call"] : []),
  ]);
}

/**
 * Reasoning of history, in the order it must be replayed in: before everything else (mapping B.4). A plain text that
 * only repeats the signed blocks is no block of its own.
 */
function reasoning(item: JsonObject, path: string): { blocks: Block[]; keys: string[] } {
  const signed = read.objects(item["thinking_blocks"], `${path}.thinking_blocks`) ?? [];
  const blocks: Block[] = signed.map((block, k) => decodeThinking(block, `${path}.thinking_blocks[${k}]`));
  const keys = signed.length > 0 ? ["thinking_blocks"] : [];
  const told = blocks.map((block) => (block.type === "reasoning" ? block.text : "")).join("");
  for (const key of ["reasoning_content", "reasoning"] as const) {
    const text = read.string(item[key], `${path}.${key}`);
    if (!text || text === told || blocks.some((block) => block.at?.endsWith(".reasoning_content"))) continue;
    const signature =
      key === "reasoning_content" ? read.string(item["reasoning_signature"], `${path}.reasoning_signature`) : undefined;
    blocks.push({
      type: "reasoning",
      text,
      at: `${path}.${key}`,
      ...(signature !== undefined && { signature }),
    });
    keys.push(key, ...(signature === undefined ? [] : ["reasoning_signature"]));
  }
  return { blocks, keys };
}

function toolResult(
  item: JsonObject,
  path: string,
  callId: string,
  ttl: string | undefined,
  keys: readonly string[],
  name?: string,
): Message {
  const isError = read.boolean(item["is_error"], `${path}.is_error`);
  const content = decodeContent(item["content"], `${path}.content`, ttl);
  // A cache point stands behind the result, never inside it (mapping B.10).
  const cache = decodeCache(item, path, ttl) ?? lastCache(content);
  const block: Block = {
    type: "tool-result",
    callId,
    content: content.map(({ cache: _, ...rest }) => rest),
    at: path,
    ...(isError !== undefined && { isError }),
    ...(name !== undefined && { name }),
    ...(cache && { cache }),
  };
  const named = [...keys, ...(isError === undefined ? [] : ["is_error"]), ...kept(item["content"])];
  const role = item["role"] === "tool" ? ["role"] : [];
  return { role: "user", at: path, content: [block], ...extras(without(item, ...role, ...named)) };
}

function lastCache(blocks: readonly Block[]): CachePoint | undefined {
  return blocks.findLast((block) => block.cache)?.cache;
}

/** The result of the nearest earlier call of that name that has none yet (mapping B.5.6). */
function functionResult(
  item: JsonObject,
  path: string,
  index: number,
  ttl: string | undefined,
  open: OpenCalls,
): Message {
  const name = required(item["name"], `${path}.name`);
  const at = open.findLastIndex((call) => call.name === name);
  const [call] = at < 0 ? [] : open.splice(at, 1);
  if (!call) {
    throw GatewayError.invalid(
      `messages.[${index}].role`,
      "Invalid parameter: messages with role 'function' must be a response to a preceeding message with 'function_call'.",
      null,
    );
  }
  return toolResult(item, path, call.id, ttl, ["name"], name);
}

/** `content` is named by its blocks; what gives none (null, an empty list) stays an extra. */
function kept(content: Json | undefined): string[] {
  return typeof content === "string" || (Array.isArray(content) && content.length > 0) ? ["content"] : [];
}

/** The message with its leftovers, and a cache point of the whole message behind its last block (mapping B.10). */
function marked(message: Message, item: JsonObject, path: string, keys: readonly string[]): Message {
  const cache = decodeCache(item, path);
  const last = message.content.at(-1);
  const content = cache && last ? [...message.content.slice(0, -1), { ...last, cache }] : message.content;
  return { ...message, content, ...extras(without(item, ...keys)) };
}
