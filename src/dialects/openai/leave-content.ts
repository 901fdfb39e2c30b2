import type { Block } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { rowOf } from "../../core/row-of.ts";
import { unknownValue } from "./check.ts";
import { partMarks } from "./decode-parts.ts";
import { own, says } from "./wire.ts";

type Lose = (path: string, feature?: string) => void;

/** Fields of a part that the hub carries, whatever their spelling. */
const carried: Readonly<Record<string, readonly string[]>> = {
  image_url: ["url"],
  video_url: ["url"],
  input_audio: ["data", "format"],
  file: ["filename", "file_data", "file_id"],
};

/** What a block's extras cost outside this dialect. Throws 400 for content that would vanish. */
export function leaveContent(block: Block, lose: Lose): void {
  const base = block.at ?? "messages";
  if (block.type === "opaque" && block.from === "openai") throw unknownPart(block.raw, base);
  if (block.type === "media" && block.source.kind === "file") {
    throw GatewayError.unsupported(
      `${base}.file.file_id`,
      "File references ('file_id') are not supported for this model. Send 'file_data' instead.",
      "unsupported_value",
    );
  }
  for (const [key, value] of Object.entries(own(block) ?? {})) {
    if (partMarks.includes(key) || !says(value)) continue;
    if (isObject(value) && key in carried) leaveMedia(value, key, base, lose);
    else if (block.type === "media" && key === "image_url") continue;
    else if (block.type === "tool-call") leaveCall(key, value, base, lose);
    else lose(`${base}.${key}`);
  }
  if (block.type === "tool-result") for (const inner of block.content) leaveContent(inner, lose);
}

function leaveMedia(fields: JsonObject, part: string, base: string, lose: Lose): void {
  for (const [key, value] of Object.entries(fields)) {
    if (!says(value) || rowOf(carried, part)?.includes(key)) continue;
    if (key === "detail" && value === "auto") continue;
    lose(`${base}.${part}.${key}`, key === "detail" ? "image detail" : undefined);
  }
}

/** `index` is what a client keeps that glued our stream together: a label that no model sees. Empty arguments are none. */
function leaveCall(key: string, value: Json, base: string, lose: Lose): void {
  if (key === "index" || emptyInput(key, value)) return;
  if ((key === "function" || key === "custom") && isObject(value)) {
    for (const [inner, left] of Object.entries(value))
      if (says(left) && !emptyInput(inner, left)) lose(`${base}.${key}.${inner}`);
  } else lose(`${base}.${key}`);
}

function emptyInput(key: string, value: Json): boolean {
  return (key === "arguments" || key === "input") && value === "";
}

/** A part of a type nobody knows. */
function unknownPart(raw: Json, path: string): GatewayError {
  const type = isObject(raw) && typeof raw["type"] === "string" ? raw["type"] : "";
  return unknownValue(`${path}.type`, type, ["text", "image_url", "input_audio", "refusal", "file"]);
}
