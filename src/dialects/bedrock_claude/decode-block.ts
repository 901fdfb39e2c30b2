import type { Block, CachePoint, Guard } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { leftOver } from "../read.ts";
import { decodeCitation } from "./citation.ts";
import { decodeSource } from "./decode-source.ts";
import { missing, own, read, refuse } from "./wire.ts";

type Fields = { [key: string]: Json | undefined };

/** A tool result may hold a document that holds text; what goes on from there is no request but an attack on the stack. */
const deepest = 4;

/**
 * The content of a message, a system prompt or a tool result: text, or blocks (mapping D.1.1). Text is one block whose
 * path is the content's own: that is how the form is known when it is written again.
 */
export function decodeContent(content: Json | undefined, path: string, depth = 0): Block[] {
  if (depth > deepest) throw refuse(path, "Content is nested too deeply");
  if (typeof content === "string") return [{ type: "text", text: content, at: path }];
  return (read.objects(content, path) ?? []).map((block, i) => decodeBlock(block, `${path}[${i}]`, depth));
}

/** One block. What the hub has no name for stays whole as an opaque block, or field by field in the extras. */
function decodeBlock(wire: JsonObject, at: string, depth: number): Block {
  const type = read.string(wire["type"], `${at}.type`);
  if (type === undefined) throw missing(`${at}.type`);
  switch (type) {
    case "text":
      return text(wire, at);
    case "thinking":
      return thinking(wire, at);
    case "redacted_thinking": {
      const { type: _, data, ...rest } = wire;
      return { type: "reasoning", text: "", redacted: read.string(data, `${at}.data`) ?? "", ...common(rest, at) };
    }
    case "image":
    case "document":
      return media(type, wire, at, depth);
    case "tool_use":
      return toolUse(wire, at);
    case "tool_result":
      return toolResult(wire, at, depth);
    case "search_result":
      return searchResult(wire, at, depth);
    default:
      return { type: "opaque", from: own, raw: wire, at };
  }
}

function text(wire: JsonObject, at: string): Block {
  const { type: _, text, citations, ...rest } = wire;
  const words = read.string(text, `${at}.text`);
  if (words === undefined) throw missing(`${at}.text`);
  const cited = read.objects(citations, `${at}.citations`);
  const { guard, left } = takeGuard(rest, at);
  return {
    type: "text",
    text: words,
    ...(cited && { citations: cited.map(decodeCitation) }),
    ...guard,
    ...common({ ...left, ...(citations === null && { citations }) }, at),
  };
}

function thinking(wire: JsonObject, at: string): Block {
  const { type: _, thinking, signature, ...rest } = wire;
  const signed = read.string(signature, `${at}.signature`);
  return {
    type: "reasoning",
    text: read.string(thinking, `${at}.thinking`) ?? "",
    ...(signed !== undefined && { signature: signed }),
    ...common({ ...rest, ...(signature === null && { signature }) }, at),
  };
}

function media(kind: "image" | "document", wire: JsonObject, at: string, depth: number): Block {
  const { type: _, source, title, context, citations, ...rest } = wire;
  const wireSource = read.object(source, `${at}.source`);
  if (!wireSource) throw missing(`${at}.source`);
  const found = decodeSource(wireSource, `${at}.source`, (content, path) => decodeContent(content, path, depth + 1));
  if (!found) return { type: "opaque", from: own, raw: wire, at };
  const name = read.string(title, `${at}.title`);
  const about = read.string(context, `${at}.context`);
  const { citable, left } = takeCitable(citations, `${at}.citations`);
  const guarded = takeGuard(rest, at);
  return {
    type: "media",
    kind,
    mediaType: found.mediaType,
    source: found.source,
    ...(name !== undefined && { name }),
    ...(about !== undefined && { context: about }),
    ...citable,
    ...guarded.guard,
    ...common(
      {
        ...guarded.left,
        ...(!found.exact && { source: wireSource }),
        ...(title === null && { title }),
        ...(context === null && { context }),
        ...left,
      },
      at,
    ),
  };
}

function toolUse(wire: JsonObject, at: string): Block {
  const { type: _, id, name, input, ...rest } = wire;
  const callId = read.string(id, `${at}.id`);
  const tool = read.string(name, `${at}.name`);
  if (callId === undefined) throw missing(`${at}.id`);
  if (tool === undefined) throw missing(`${at}.name`);
  const given = read.object(input, `${at}.input`) ?? {};
  return { type: "tool-call", id: callId, name: tool, input: JSON.stringify(given), ...common(rest, at) };
}

function toolResult(wire: JsonObject, at: string, depth: number): Block {
  const { type: _, tool_use_id, content, is_error, ...rest } = wire;
  const callId = read.string(tool_use_id, `${at}.tool_use_id`);
  if (callId === undefined) throw missing(`${at}.tool_use_id`);
  const isError = read.boolean(is_error, `${at}.is_error`);
  const blocks = decodeContent(content, `${at}.content`, depth + 1);
  const empty = blocks.length === 0 && content !== undefined;
  return {
    type: "tool-result",
    callId,
    content: blocks,
    ...(isError !== undefined && { isError }),
    ...common({ ...rest, ...(empty && { content }), ...(is_error === null && { is_error }) }, at),
  };
}

function searchResult(wire: JsonObject, at: string, depth: number): Block {
  const { type: _, source, title, content, citations, ...rest } = wire;
  const { citable, left } = takeCitable(citations, `${at}.citations`);
  return {
    type: "search-result",
    source: read.string(source, `${at}.source`) ?? "",
    title: read.string(title, `${at}.title`) ?? "",
    content: decodeContent(content, `${at}.content`, depth + 1),
    ...citable,
    ...common({ ...rest, ...left }, at),
  };
}

/** `citations: {enabled}` of a document; anything more is kept as it is. */
function takeCitable(value: Json | undefined, path: string): { citable: { citable?: boolean }; left: Fields } {
  const config = read.object(value, path);
  const enabled = read.boolean(config?.["enabled"], `${path}.enabled`);
  const exact = config !== undefined && enabled !== undefined && Object.keys(config).length === 1;
  return {
    citable: enabled !== undefined ? { citable: enabled } : {},
    left: exact || value === undefined ? {} : { citations: value },
  };
}

/** Our own `guard_content: true | {qualifiers}` (mapping B.11). */
function takeGuard({ guard_content, ...left }: Fields, at: string): { guard: { guard?: Guard }; left: Fields } {
  if (guard_content === undefined || guard_content === null || guard_content === false) return { guard: {}, left };
  if (guard_content === true) return { guard: { guard: {} }, left };
  const path = `${at}.guard_content`;
  const qualifiers = read.strings(read.object(guard_content, path)?.["qualifiers"], `${path}.qualifiers`);
  return { guard: { guard: qualifiers ? { qualifiers } : {} }, left };
}

/** What every block has: its path, its cache point, and what nobody named. */
function common(rest: Fields, at: string): Pick<Block, "at" | "cache" | "extras"> {
  const { cache_control, ...others } = rest;
  const cache = decodeCache(cache_control, `${at}.cache_control`);
  const fields = leftOver({ ...others, ...keptCache(cache_control) });
  return { at, ...(cache && { cache }), ...(fields && { extras: { from: own, fields } }) };
}

/** `cache_control: {type: "ephemeral", ttl?}` (mapping B.10). */
export function decodeCache(value: Json | undefined, path: string): CachePoint | undefined {
  const control = read.object(value, path);
  if (!control) return undefined;
  const ttl = read.string(control["ttl"], `${path}.ttl`);
  if (ttl === undefined) return {};
  if (ttl !== "5m" && ttl !== "1h") throw refuse(`${path}.ttl`, "Input should be '5m' or '1h'");
  return { ttl };
}

/** A cache_control that holds more than the hub carries is kept as written beside it. */
export function keptCache(value: Json | undefined): Fields {
  if (value === undefined) return {};
  const plain =
    isObject(value) &&
    Object.entries(value).every(([key, item]) =>
      key === "type" ? item === "ephemeral" : key === "ttl" && item !== null,
    );
  return plain ? {} : { cache_control: value };
}
