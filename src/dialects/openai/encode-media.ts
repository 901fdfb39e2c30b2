import type { BlockOf } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import { rowOf } from "../../core/row-of.ts";

type Media = BlockOf<"media">;

/** Documents that OpenAI takes as text only. */
const readable: ReadonlySet<string> = new Set(["text/plain", "text/csv", "text/markdown", "text/html", "text/md"]);
const audioFormats: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/mp3": "mp3",
  "audio/mpeg": "mp3",
};

/** Media as a content part (mapping D.1.1). Throws 400 for what Chat Completions cannot take. */
export function encodeMedia(block: Media, at: string, losses: LossList): JsonObject {
  switch (block.kind) {
    case "image":
      return { type: "image_url", image_url: { url: imageUrl(block, at) } };
    case "document":
      if (block.citable) losses.dropped(`${at}.citations`, "citations");
      return document(block, at, losses);
    case "audio": {
      const format = rowOf(audioFormats, block.mediaType);
      if (block.source.kind !== "base64" || format === undefined) throw refused(at, "audio of this kind");
      return { type: "input_audio", input_audio: { data: block.source.data, format } };
    }
    case "video":
      throw refused(at, "video input");
    default:
      return block.kind satisfies never;
  }
}

function imageUrl({ source, mediaType }: Media, at: string): string {
  if (source.kind === "base64") return `data:${mediaType || "image/png"};base64,${source.data}`;
  if (source.kind === "url") return source.url;
  throw refusedSource(at, source.kind);
}

function document(block: Media, at: string, losses: LossList): JsonObject {
  const { source, mediaType, name } = block;
  switch (source.kind) {
    case "text":
      return wrapped(block, source.text);
    case "blocks": {
      const texts = source.blocks.map((inner) => {
        if (inner.type !== "text") throw refused(inner.at ?? at, `a block of type '${inner.type}' in a document`);
        return inner.text;
      });
      return wrapped(block, texts.join("\n"));
    }
    case "base64": {
      const text = readable.has(mediaType) ? utf8(source.data) : undefined;
      if (text !== undefined) return wrapped(block, text);
      if (mediaType !== "application/pdf") throw refused(at, `documents of type '${mediaType}'`);
      if (block.context !== undefined) losses.dropped(`${at}.context`, "document context");
      const filename = name ?? "document.pdf";
      return { type: "file", file: { filename, file_data: `data:${mediaType};base64,${source.data}` } };
    }
    case "url":
    case "s3":
    case "file":
      throw refusedSource(at, source.kind);
    default:
      return source satisfies never;
  }
}

function wrapped({ name, context }: Media, text: string): JsonObject {
  const title = name === undefined ? "" : ` title="${quoted(name)}"`;
  const about = context === undefined ? "" : `${context}\n`;
  return { type: "text", text: `<document${title}>\n${about}${text}\n</document>` };
}

function utf8(base64: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(base64));
  } catch {
    return undefined;
  }
}

function refused(at: string, what: string): GatewayError {
  return GatewayError.unsupported(at, `This model does not support ${what}.`, "unsupported_value");
}

/** Claude's wording: these sources come from its format. */
function refusedSource(at: string, kind: string): GatewayError {
  return GatewayError.unsupported(
    `${at}.source.type`,
    `${at.replaceAll(/\[(\d+)\]/g, ".$1")}.source.type: '${kind}' is not supported`,
    "unsupported_value",
  );
}

/** An attribute's value: a quote must not end it. */
export function quoted(text: string): string {
  return text.replaceAll('"', "&quot;");
}
