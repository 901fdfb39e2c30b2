import type { Block, MediaSource } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import { missing, read } from "./wire.ts";

/** A source and its MIME type; `exact` is false when it holds more than the hub carries. */
export type Source = { source: MediaSource; mediaType: string; exact: boolean };

/**
 * The `source` of an image or document block (mapping D.1.1); undefined for a type invented later.
 * `nested` reads the blocks of a `content` source.
 */
export function decodeSource(
  wire: JsonObject,
  path: string,
  nested: (content: JsonObject[string], path: string) => Block[],
): Source | undefined {
  const string = (key: string): string => {
    const value = read.string(wire[key], `${path}.${key}`);
    if (value === undefined) throw missing(`${path}.${key}`);
    return value;
  };
  const exact = (...keys: string[]): boolean => Object.keys(wire).every((key) => key === "type" || keys.includes(key));
  switch (wire["type"]) {
    case "base64":
      return {
        source: { kind: "base64", data: string("data") },
        mediaType: string("media_type"),
        exact: exact("data", "media_type"),
      };
    case "url":
      return { source: { kind: "url", url: string("url") }, mediaType: "", exact: exact("url") };
    case "file":
      return { source: { kind: "file", id: string("file_id") }, mediaType: "", exact: exact("file_id") };
    case "text":
      return {
        source: { kind: "text", text: string("data") },
        mediaType: read.string(wire["media_type"], `${path}.media_type`) ?? "text/plain",
        exact: exact("data", "media_type"),
      };
    case "content":
      return {
        source: { kind: "blocks", blocks: nested(wire["content"] ?? null, `${path}.content`) },
        mediaType: "",
        exact: exact("content"),
      };
    default:
      return undefined;
  }
}

export function encodeSource(
  source: MediaSource,
  mediaType: string,
  nested: (blocks: readonly Block[]) => JsonObject[string],
): JsonObject | undefined {
  switch (source.kind) {
    case "base64":
      return { type: "base64", media_type: mediaType, data: source.data };
    case "url":
      return { type: "url", url: source.url };
    case "file":
      return { type: "file", file_id: source.id };
    case "text":
      return { type: "text", media_type: mediaType || "text/plain", data: source.text };
    case "blocks":
      return { type: "content", content: nested(source.blocks) };
    case "s3":
      return undefined;
    default:
      return source satisfies never;
  }
}
