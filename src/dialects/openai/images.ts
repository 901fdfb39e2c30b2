import type { Block, BlockOf } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";

/** An image of an answer as the de-facto extension `images[]` has it (mapping C.2); undefined for other media. */
export function imageOf(block: BlockOf<"media">): JsonObject | undefined {
  if (block.kind !== "image") return undefined;
  if (block.source.kind === "url") return { type: "image_url", image_url: { url: block.source.url } };
  if (block.source.kind !== "base64") return undefined;
  const url = `data:${block.mediaType || "image/png"};base64,${block.source.data}`;
  return { type: "image_url", image_url: { url } };
}

/** The block of an `images[]` entry. */
export function blockOfImage(image: Json): Block | undefined {
  const url = isObject(image) ? look.text(look.object(image, "image_url"), "url") : undefined;
  if (url === undefined) return undefined;
  const inline = /^data:([^;,]*);base64,/.exec(url);
  if (!inline) return { type: "media", kind: "image", mediaType: "", source: { kind: "url", url } };
  return {
    type: "media",
    kind: "image",
    mediaType: inline[1] ?? "",
    source: { kind: "base64", data: url.slice(inline[0].length) },
  };
}
