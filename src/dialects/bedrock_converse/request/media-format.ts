import type { BlockOf } from "../../../core/chat.ts";
import { mediaTypeOf } from "../../../core/media-type.ts";
import { rowOf } from "../../../core/row-of.ts";

export type Media = BlockOf<"media">;
export type Format = { kind: Media["kind"]; format: string };

/** Document formats of Converse by MIME type (mapping B.7); the first spelling of a format is its own. */
export const documents: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "application/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/x-markdown": "md",
};
const extensions: Readonly<Record<string, string>> = { htm: "html", text: "txt", markdown: "md", jpg: "jpeg" };
const documentFormats = new Set(Object.values(documents));
const imageFormats = new Set(["png", "jpeg", "gif", "webp"]);
/** Names that MIME types and Converse's enumerations do not share (mapping L.1). */
const spellings: Readonly<Record<string, string>> = {
  "x-wav": "wav",
  wave: "wav",
  "vnd.wave": "wav",
  mp3: "mp3",
  "x-m4a": "m4a",
  quicktime: "mov",
  "x-matroska": "mkv",
  "x-flv": "flv",
  "x-ms-wmv": "wmv",
  "3gpp": "three_gp",
  "3gp": "three_gp",
};
const audioFormats = new Set("mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm".split(" "));
const videoFormats = new Set("mkv mov mp4 webm flv mpeg mpg wmv three_gp".split(" "));

/**
 * What a media block really is: the bytes win over the label, the label over the file name (mapping B.7, trap T-41).
 * `bytes` is absent for S3 objects and texts. Undefined: nothing Converse has a format for.
 */
export function formatOf(block: Media, bytes: Uint8Array | undefined): Format | undefined {
  const label = block.mediaType.toLowerCase().split(";")[0]?.trim() ?? "";
  const extension = extensionOf(block);
  if (block.kind === "audio") {
    const format = label === "audio/mpeg" ? "mp3" : spelled(label, extension);
    return audioFormats.has(format) ? { kind: "audio", format } : undefined;
  }
  if (block.kind === "video") {
    const format = spelled(label, extension);
    return videoFormats.has(format) ? { kind: "video", format } : undefined;
  }
  const shown = bytes && mediaTypeOf(bytes);
  if (shown?.startsWith("image/")) return { kind: "image", format: shown.slice(6) };
  const document = rowOf(documents, label);
  if (document) return { kind: "document", format: document };
  if (block.kind === "image" || label.startsWith("image/")) {
    if (shown === "application/pdf") return { kind: "document", format: "pdf" };
    const named = label === "image/jpg" ? "jpeg" : label.startsWith("image/") ? label.slice(6) : extension;
    // With bytes at hand an image that shows no image is none.
    return bytes === undefined && imageFormats.has(named) ? { kind: "image", format: named } : undefined;
  }
  if (documentFormats.has(extension)) return { kind: "document", format: extension };
  if (shown === "application/pdf") return { kind: "document", format: "pdf" };
  const office = bytes && officeFormat(bytes);
  return office === undefined ? undefined : { kind: "document", format: office };
}

function spelled(label: string, extension: string): string {
  const sub = label.slice(label.indexOf("/") + 1) || extension;
  return rowOf(spellings, sub) ?? sub;
}

function extensionOf(block: Media): string {
  const from = block.source.kind === "s3" ? block.source.uri : (block.name ?? "");
  const extension = /\.([a-z0-9]{1,5})$/i.exec(from)?.[1]?.toLowerCase() ?? "";
  return rowOf(extensions, extension) ?? extension;
}

/** A zip whose first entries lie in `word/` or `xl/`. */
function officeFormat(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return undefined;
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 65_536));
  if (text.includes("word/")) return "docx";
  return text.includes("xl/") ? "xlsx" : undefined;
}
