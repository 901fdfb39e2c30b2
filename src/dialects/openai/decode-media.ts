import type { BlockOf, MediaKind, MediaSource } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { mediaTypeOfName } from "../../core/media-names.ts";
import { mediaTypeOf } from "../../core/media-type.ts";
import { oneOf, read, required } from "./check.ts";

type Media = BlockOf<"media">;
/** The MIME type that says nothing. */
const anyBytes = "application/octet-stream";
type Found = Pick<Media, "kind" | "mediaType" | "source">;

/** `image_url`: a data URL, an http(s) URL or an S3 location (mapping B.7); also bare, as OpenAI takes it (recorded). */
export function imagePart(part: JsonObject, path: string): Media {
  const bare = part["image_url"];
  if (typeof bare === "string") return { type: "media", ...located(bare, `${path}.image_url`, "image") };
  const image = wanted(part, path, "image_url");
  const url = required(image["url"], `${path}.image_url.url`);
  oneOf(image["detail"], `${path}.image_url.detail`, ["auto", "low", "high", "original"]);
  return { type: "media", ...located(url, `${path}.image_url.url`, "image") };
}

/** `video_url`: not OpenAI's, but clients send it (mapping B.7). */
export function videoPart(part: JsonObject, path: string): Media {
  const url = required(wanted(part, path, "video_url")["url"], `${path}.video_url.url`);
  return { type: "media", ...located(url, `${path}.video_url.url`, "video") };
}

export function audioPart(part: JsonObject, path: string): Media {
  const audio = wanted(part, path, "input_audio");
  const format = oneOf(audio["format"], `${path}.input_audio.format`, ["wav", "mp3"]);
  if (format === undefined) throw GatewayError.missing(`${path}.input_audio.format`);
  const data = base64(required(audio["data"], `${path}.input_audio.data`), `${path}.input_audio.data`, "input_audio");
  return { type: "media", kind: "audio", mediaType: `audio/${format}`, source: { kind: "base64", data } };
}

/** `file`: bytes with a name, or a reference to an upload (mapping B.7). */
export function filePart(part: JsonObject, path: string): Media {
  const file = wanted(part, path, "file");
  const name = read.string(file["filename"], `${path}.file.filename`);
  const data = read.string(file["file_data"], `${path}.file.file_data`);
  const named = name === undefined ? {} : { name };
  if (data !== undefined) {
    const found = data.startsWith("data:")
      ? dataUrl(data, `${path}.file.file_data`, "file_data", "document")
      : bare(base64(data, `${path}.file.file_data`, "file_data"));
    const told = found.mediaType === anyBytes ? "" : found.mediaType;
    const mediaType =
      told || (name === undefined ? undefined : mediaTypeOfName(name)) || sniffed(found.source) || found.mediaType;
    return { type: "media", ...found, kind: kindOf(mediaType, "document"), mediaType, ...named };
  }
  const id = read.string(file["file_id"], `${path}.file.file_id`);
  if (id === undefined) throw GatewayError.missing(`${path}.file.file_data`);
  return { type: "media", kind: "document", mediaType: "", source: { kind: "file", id }, ...named };
}

function wanted(part: JsonObject, path: string, key: string): JsonObject {
  const value = read.object(part[key], `${path}.${key}`);
  if (!value) throw GatewayError.missing(`${path}.${key}`);
  return value;
}

function located(url: string, path: string, kind: MediaKind): Found {
  if (url.startsWith("data:")) return dataUrl(url, path, `${kind}_url`, kind);
  if (/^https?:\/\//i.test(url)) return { kind, mediaType: "", source: { kind: "url", url } };
  if (url.startsWith("s3://")) return { kind, mediaType: "", source: { kind: "s3", uri: url } };
  const shown = url.length > 300 ? `${url.slice(0, 300)}…` : url;
  throw GatewayError.invalid(
    path,
    `Invalid ${kind} URL: '${shown}'. Expected a data URL or an http(s) URL.`,
    "invalid_image_url",
  );
}

/** A PDF in `image_url` is a document: the MIME type decides, the part's own name only where there is none. */
function dataUrl(url: string, path: string, field: string, fallback: MediaKind): Found {
  const comma = url.indexOf(",");
  const head = comma < 0 ? "" : url.slice(5, comma);
  if (!/;\s*base64$/i.test(head)) throw badBase64(path, field);
  const mediaType = (head.split(";")[0] ?? "").trim().toLowerCase();
  const data = base64(url.slice(comma + 1), path, field);
  return { kind: kindOf(mediaType, fallback), mediaType, source: { kind: "base64", data } };
}

function kindOf(mediaType: string, fallback: MediaKind): MediaKind {
  const family = mediaType.split("/")[0];
  if (family === "image" || family === "video" || family === "audio") return family;
  return family === "" || mediaType === anyBytes ? fallback : "document";
}

function bare(data: string): Found {
  return { kind: "document", mediaType: "", source: { kind: "base64", data } };
}

/** Base64 in its standard alphabet without white space; base64url is accepted (mapping B.7). */
function base64(text: string, path: string, field: string): string {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  const standard = /[-_]/.test(compact) ? compact.replaceAll("-", "+").replaceAll("_", "/") : compact;
  const body = standard.replace(/={1,2}$/, "");
  if (body === "" || body.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(body)) throw badBase64(path, field);
  return standard.length % 4 === 0 ? standard : body.padEnd(Math.ceil(body.length / 4) * 4, "=");
}

function badBase64(path: string, field: string): GatewayError {
  return GatewayError.invalid(path, `Invalid base64 ${field}.`, "invalid_base64");
}

/** The first bytes are enough for every magic number. */
function sniffed(source: MediaSource): string {
  if (source.kind !== "base64") return "";
  return mediaTypeOf(Uint8Array.fromBase64(source.data.slice(0, 64))) ?? "";
}
