import type { Block } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { rowOf } from "../../core/row-of.ts";
import { leftOver } from "../read.ts";
import { cacheKeys, decodeCache } from "./cache.ts";
import { read, required } from "./check.ts";
import { audioPart, filePart, imagePart, videoPart } from "./decode-media.ts";
import { extras } from "./wire.ts";

/** Parts whose wire form is remembered whole: their bytes have several spellings, and only one is the caller's. */
const media: Readonly<Record<string, (part: JsonObject, path: string) => Block>> = {
  image_url: imagePart,
  video_url: videoPart,
  input_audio: audioPart,
  file: filePart,
};

/**
 * A message's `content` as blocks: a string is one text block, a list one block a part. Parts that nobody knows
 * become opaque blocks, which only this dialect can write again. `ttl` is what breakpoints inherit.
 */
export function decodeContent(content: Json | undefined, path: string, ttl: string | undefined): Block[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return [{ type: "text", text: content, at: path }];
  if (!Array.isArray(content)) throw GatewayError.type(path, "one of a string or array of objects", content);
  return content.map((part, j) => decodePart(part, `${path}[${j}]`, ttl));
}

function decodePart(part: Json, path: string, ttl: string | undefined): Block {
  if (!isObject(part)) throw GatewayError.type(path, "an object", part);
  const type = required(part["type"], `${path}.type`);
  const decoder = rowOf(media, type);
  if (decoder) return marked(decoder(part, path), part, path, ttl, without(part, "type"));
  switch (type) {
    case "text": {
      const text = required(part["text"], `${path}.text`);
      return marked({ type: "text", text }, part, path, ttl, without(part, "type", "text"));
    }
    case "refusal": {
      const text = required(part["refusal"], `${path}.refusal`);
      return marked({ type: "refusal", text }, part, path, ttl, without(part, "type", "refusal"));
    }
    case "thinking":
    case "redacted_thinking":
      return decodeThinking(part, path);
    default:
      return { type: "opaque", from: "openai", raw: part, at: path };
  }
}

/** LiteLLM's shape of a thinking block, as our own answers give it (mapping C.1). Signatures are kept byte for byte. */
export function decodeThinking(block: JsonObject, path: string): Block {
  if (block["type"] === "redacted_thinking") {
    const redacted = required(block["data"], `${path}.data`);
    return { type: "reasoning", text: "", redacted, at: path, ...extras(without(block, "type", "data")) };
  }
  const signature = read.string(block["signature"], `${path}.signature`);
  return {
    type: "reasoning",
    text: read.string(block["thinking"], `${path}.thinking`) ?? "",
    ...(signature !== undefined && { signature }),
    at: path,
    ...extras(without(block, "type", "thinking", ...(signature === undefined ? [] : ["signature"]))),
  };
}

/** The block with its place, cache point, guardrail marking and everything the part said beyond. */
function marked(block: Block, part: JsonObject, path: string, ttl: string | undefined, rest?: JsonObject): Block {
  const cache = decodeCache(part, path, ttl);
  const guard = decodeGuard(part["guard_content"], `${path}.guard_content`);
  return { ...block, at: path, ...(cache && { cache }), ...(guard && { guard }), ...extras(rest) };
}

/** `guard_content: true` or `{qualifiers}` (mapping B.11). */
function decodeGuard(value: Json | undefined, path: string): Block["guard"] {
  if (value === undefined || value === null || value === false) return undefined;
  if (value === true) return {};
  const qualifiers = read.strings(read.object(value, path)?.["qualifiers"], `${path}.qualifiers`);
  return qualifiers ? { qualifiers } : {};
}

export function without(from: JsonObject, ...keys: string[]): JsonObject | undefined {
  return leftOver(from, keys);
}

/** The keys of a part that hold a cache point or guardrail marking: the hub carries them. */
export const partMarks: readonly string[] = [...cacheKeys, "guard_content"];
