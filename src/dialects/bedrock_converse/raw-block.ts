import type { Block, MediaKind } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import { joinBase64 } from "../../core/collect.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";

/** Converse's media blocks and what their `format` is called as a MIME type. */
const media: readonly { key: string; kind: MediaKind; prefix: string }[] = [
  { key: "image", kind: "image", prefix: "image/" },
  { key: "audio", kind: "audio", prefix: "audio/" },
  { key: "video", kind: "video", prefix: "video/" },
];

/** A block that came whole (or was collected): media the hub knows, everything else kept as it is. */
export function blockOf(raw: JsonObject): Block {
  for (const { key, kind, prefix } of media) {
    const found = look.object(raw, key);
    const source = look.object(found, "source");
    const bytes = look.text(source, "bytes");
    if (!found || bytes === undefined) continue;
    const { format, source: _, ...rest } = found;
    const fields = leftOver(rest);
    return {
      type: "media",
      kind,
      mediaType: typeof format === "string" ? prefix + format : "",
      source: { kind: "base64", data: bytes },
      ...(fields && { extras: { from: "bedrock_converse", fields } }),
    };
  }
  return { type: "opaque", from: "bedrock_converse", raw: withParsedInput(raw) };
}

/** A server tool's input is collected as text; in a whole answer it is an object. */
function withParsedInput(raw: JsonObject): JsonObject {
  const call = look.object(raw, "toolUse");
  const input = look.text(call, "input");
  if (!call || input === undefined) return raw;
  const parsed = parseJson(input);
  return parsed === undefined ? raw : { ...raw, toolUse: { ...call, input: parsed } };
}

/** Grows a block that is collected: text is joined, lists are continued, `bytes` are joined as bytes. */
export function growRaw(block: JsonObject, delta: JsonObject): void {
  for (const [key, value] of Object.entries(delta)) {
    const before = Object.hasOwn(block, key) ? block[key] : undefined;
    if (before === undefined) put(block, key, value);
    else if (Array.isArray(value) && isObject(before)) before["content"] = [...list(before["content"]), ...value];
    else if (isObject(before) && isObject(value)) merge(before, value);
  }
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function merge(into: JsonObject, from: JsonObject): void {
  for (const [key, value] of Object.entries(from)) {
    if (!Object.hasOwn(into, key)) {
      put(into, key, value);
      continue;
    }
    const before = into[key];
    if (typeof before === "string" && typeof value === "string") {
      into[key] = key === "bytes" ? joinBase64([before, value]) : before + value;
    } else if (isObject(before) && isObject(value)) merge(before, value);
    else if (Array.isArray(before) && Array.isArray(value)) into[key] = [...before, ...value];
    else into[key] = value;
  }
}

/** `__proto__` is a name like any other here, and no way into every object. */
function put(into: JsonObject, key: string, value: Json): void {
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
}
