import type { Block, BlockOf, MediaKind, MediaSource } from "../../../core/chat.ts";
import { isObject, type Json, type JsonObject } from "../../../core/json.ts";
import { look } from "../../look.ts";
import { decodeCitation } from "../citation.ts";
import { id, onlyMember } from "../wire.ts";
import { documents } from "./media-format.ts";
import { plainBlock } from "./own-block.ts";
import { sameJson } from "./same-json.ts";

/** A list of content blocks; a cache point marks the block before it. */
export function decodeBlocks(list: readonly JsonObject[], path: string): Block[] {
  const blocks: Block[] = [];
  for (const [i, wire] of list.entries()) {
    const ttl = cacheTtl(wire);
    const last = blocks.at(-1);
    if (ttl && last && !last.cache) last.cache = { ...ttl, at: `${path}[${i}]` };
    else blocks.push(decodeBlock(wire, `${path}[${i}]`));
  }
  return blocks;
}

/** The life of a cache point that says nothing else; undefined for any other block. */
export function cacheTtl(wire: JsonObject): { ttl?: "5m" | "1h" } | undefined {
  const point = look.object(wire, "cachePoint");
  if (!point || Object.keys(wire).length !== 1 || point["type"] !== "default") return undefined;
  const { ttl, type: _, ...rest } = point;
  if (Object.keys(rest).length > 0) return undefined;
  if (ttl === undefined) return {};
  return ttl === "5m" || ttl === "1h" ? { ttl } : undefined;
}

/** One block. What its hub form does not hold to the last field is kept whole beside it, for the way back. */
export function decodeBlock(wire: JsonObject, at: string): Block {
  const block = known(wire, at) ?? { type: "opaque", from: id, raw: wire };
  const exact = sameJson(plainBlock(block), wire);
  return { ...block, at, ...(!exact && { extras: { from: id, fields: { whole: wire } } }) };
}

function known(wire: JsonObject, at: string): Block | undefined {
  const [key, value] = onlyMember(wire) ?? [];
  if (key === "text") return typeof value === "string" ? { type: "text", text: value } : undefined;
  // Structured results have no other home in the hub than their text.
  if (key === "json" && value !== undefined) return { type: "text", text: JSON.stringify(value) };
  if (key === undefined || !isObject(value)) return undefined;
  switch (key) {
    case "image":
    case "document":
    case "audio":
    case "video":
      return media(key, value, at);
    case "toolUse":
      return toolCall(value);
    case "toolResult":
      return toolResult(value, at);
    case "reasoningContent":
      return reasoning(value);
    case "citationsContent":
      return {
        type: "text",
        text: look
          .objects(value, "content")
          .map((part) => look.text(part, "text") ?? "")
          .join(""),
        citations: look.objects(value, "citations").map(decodeCitation),
      };
    case "guardContent":
      return guardedBlock(value, at);
    case "searchResult":
      return searchResult(value, at);
    default:
      return undefined;
  }
}

function media(kind: MediaKind, wire: JsonObject, at: string): Block | undefined {
  const format = look.text(wire, "format");
  const found = source(look.object(wire, "source"), at);
  if (format === undefined || !found) return undefined;
  const name = look.text(wire, "name");
  const context = look.text(wire, "context");
  const citable = look.object(wire, "citations")?.["enabled"];
  return {
    type: "media",
    kind,
    mediaType: kind === "document" ? documentType(format) : `${kind}/${format}`,
    source: found,
    ...(name !== undefined && { name }),
    ...(context !== undefined && { context }),
    ...(typeof citable === "boolean" && { citable }),
  };
}

function documentType(format: string): string {
  return Object.entries(documents).find(([, known]) => known === format)?.[0] ?? "";
}

function source(wire: JsonObject | undefined, at: string): MediaSource | undefined {
  const bytes = look.text(wire, "bytes");
  if (bytes !== undefined) return { kind: "base64", data: bytes };
  const text = look.text(wire, "text");
  if (text !== undefined) return { kind: "text", text };
  const place = look.object(wire, "s3Location");
  const uri = look.text(place, "uri");
  const bucketOwner = look.text(place, "bucketOwner");
  if (uri !== undefined) return { kind: "s3", uri, ...(bucketOwner !== undefined && { bucketOwner }) };
  const content = look.objects(wire, "content");
  return content.length > 0
    ? { kind: "blocks", blocks: decodeBlocks(content, `${at}.document.source.content`) }
    : undefined;
}

function toolCall(wire: JsonObject): BlockOf<"tool-call"> {
  return {
    type: "tool-call",
    id: look.text(wire, "toolUseId") ?? "",
    name: look.text(wire, "name") ?? "",
    input: JSON.stringify(wire["input"] ?? {}),
  };
}

function toolResult(wire: JsonObject, at: string): BlockOf<"tool-result"> {
  const status: Json | undefined = wire["status"];
  return {
    type: "tool-result",
    callId: look.text(wire, "toolUseId") ?? "",
    content: decodeBlocks(look.objects(wire, "content"), `${at}.toolResult.content`),
    ...(status !== undefined && { isError: status === "error" }),
  };
}

function reasoning(wire: JsonObject): Block | undefined {
  const redacted = look.text(wire, "redactedContent");
  if (redacted !== undefined) return { type: "reasoning", text: "", redacted };
  const said = look.object(wire, "reasoningText");
  if (!said) return undefined;
  const signature = look.text(said, "signature");
  return { type: "reasoning", text: look.text(said, "text") ?? "", ...(signature !== undefined && { signature }) };
}

function guardedBlock(wire: JsonObject, at: string): Block | undefined {
  const text = look.object(wire, "text");
  const image = look.object(wire, "image");
  const words = look.text(text, "text");
  if (words !== undefined) {
    const qualifiers = look.list(text, "qualifiers");
    const named = qualifiers?.filter((item): item is string => typeof item === "string");
    return { type: "text", text: words, guard: named ? { qualifiers: named } : {} };
  }
  const block = image && media("image", image, at);
  return block && { ...block, guard: {} };
}

function searchResult(wire: JsonObject, at: string): Block {
  const citable = look.object(wire, "citations")?.["enabled"];
  return {
    type: "search-result",
    source: look.text(wire, "source") ?? "",
    title: look.text(wire, "title") ?? "",
    content: decodeBlocks(look.objects(wire, "content"), `${at}.searchResult.content`),
    ...(typeof citable === "boolean" && { citable }),
  };
}
