import { GatewayError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { WireSource } from "../wire.ts";
import type { DocumentNames } from "./document-names.ts";
import { imageSize } from "./image-size.ts";
import { readBase64 } from "./media-bytes.ts";
import { type Format, formatOf, type Media } from "./media-format.ts";
import { dotted, type Work } from "./work.ts";

const mib = 1_048_576;
/** Largest inline bytes of each kind (mapping B.7, L.4). */
const maxBytes: Readonly<Record<Media["kind"], number>> = {
  image: 3.75 * mib,
  document: 4.5 * mib,
  audio: 25 * mib,
  video: 25 * mib,
};
const maxPixels = 8000;

export type WireMedia = { kind: Media["kind"]; wire: JsonObject };

/**
 * An image, document, audio or video block (mapping B.7). URLs were fetched before: one that still is there is refused.
 * Throws 400 that names the field when the model cannot see it, or the bytes are not what Bedrock takes.
 */
export function mediaBlock(block: Media, work: Work, names: DocumentNames): WireMedia {
  const { source } = block;
  switch (source.kind) {
    case "url":
      throw GatewayError.invalid(
        fieldOf(block, work),
        `Failed to download image from ${source.url.slice(0, 300)}: it could not be fetched`,
        "invalid_image_url",
      );
    case "file":
      throw fileRefused(block, work);
    case "text":
    case "blocks":
      return document(block, "txt", textSource(block), work, names);
    case "s3": {
      const format = formatOf(block, undefined);
      const uri = source.uri;
      if (!work.facts.s3) {
        throw GatewayError.invalid(
          fieldOf(block, work),
          "This model does not read S3 locations. Send the data inline.",
          "invalid_image_url",
        );
      }
      if (!format) throw unknownFormat(block, work);
      const s3Location = { uri, ...(source.bucketOwner !== undefined && { bucketOwner: source.bucketOwner }) };
      return build(block, format, { s3Location }, work, names);
    }
    case "base64": {
      const { format, base64 } = inline(block, source.data, work);
      return build(block, format, { bytes: base64 }, work, names);
    }
    default:
      return source satisfies never;
  }
}

function inline(block: Media, data: string, work: Work): { format: Format; base64: string } {
  const limit = maxBytes[block.kind];
  // A third is base64's own growth; judged before decoding, so that nothing huge is decoded for nothing.
  if (data.length > limit * 1.5) throw tooLarge(block, block.kind, work);
  const decoded = readBase64(data);
  if (!decoded) {
    const what = block.kind === "image" ? "image_url" : `${block.kind} data`;
    throw GatewayError.invalid(fieldOf(block, work), `Invalid base64 ${what}.`, "invalid_base64");
  }
  const format = formatOf(block, decoded.bytes);
  if (!format) throw unknownFormat(block, work);
  if (decoded.bytes.length > maxBytes[format.kind]) throw tooLarge(block, format.kind, work);
  const size = format.kind === "image" ? imageSize(decoded.bytes, format.format) : undefined;
  if (size && Math.max(size.width, size.height) > maxPixels) {
    throw GatewayError.invalid(
      fieldOf(block, work),
      `The image is ${size.width}x${size.height} pixels; this model takes at most ${maxPixels}x${maxPixels}.`,
      "image_too_large",
    );
  }
  return { format, base64: decoded.base64 };
}

function build(block: Media, format: Format, source: WireSource, work: Work, names: DocumentNames): WireMedia {
  if (format.kind === "document") return document(block, format.format, source, work, names);
  requireSight(format.kind, block, work);
  if (block.guard && format.kind === "image" && !/^(?:png|jpeg)$/.test(format.format)) {
    throw GatewayError.invalid(fieldOf(block, work), "Guarded images must be png or jpeg.", "invalid_image_format");
  }
  return { kind: format.kind, wire: { [format.kind]: { format: format.format, source } } };
}

function document(block: Media, format: string, source: WireSource, work: Work, names: DocumentNames): WireMedia {
  requireSight("document", block, work);
  const wire: JsonObject = { format, name: names.name(block.name), source };
  if (block.context) wire["context"] = block.context;
  if (block.citable) {
    if (work.facts.searchResults) wire["citations"] = { enabled: true };
    else work.losses.dropped(block.at && `${block.at}.citations`, "citations");
  }
  return { kind: "document", wire: { document: wire } };
}

function textSource(block: Media): WireSource {
  if (block.source.kind === "text") return { text: block.source.text.toWellFormed() };
  const blocks = block.source.kind === "blocks" ? block.source.blocks : [];
  return {
    content: blocks.map((part) => {
      if (part.type === "text") return { text: part.text.toWellFormed() };
      throw GatewayError.invalid(
        part.at ?? block.at ?? null,
        "Documents made of blocks can hold text only for this model.",
        "unsupported_value",
      );
    }),
  };
}

function requireSight(kind: Media["kind"], block: Media, { facts }: Work): void {
  if (facts[kind]) return;
  throw GatewayError.invalid(block.at ?? null, `This model does not support ${kind} input.`, "unsupported_value");
}

/** Where the caller wrote the data of a block. */
function fieldOf(block: Media, { request }: Work): string | null {
  if (!block.at) return null;
  if (request.from !== "openai") return block.source.kind === "text" ? block.at : `${block.at}.source`;
  const field = {
    image: "image_url.url",
    document: "file.file_data",
    audio: "input_audio.data",
    video: "video_url.url",
  };
  return block.at.endsWith("]") ? `${block.at}.${field[block.kind]}` : block.at;
}

function unknownFormat(block: Media, work: Work): GatewayError {
  if (block.kind === "image") {
    return GatewayError.invalid(
      fieldOf(block, work),
      "You uploaded an unsupported image. Please make sure your image is of one of the following formats: ['png', 'jpeg', 'gif', 'webp'].",
      "invalid_image_format",
    );
  }
  return GatewayError.invalid(fieldOf(block, work), "Unsupported file type", "unsupported_file");
}

function tooLarge(block: Media, kind: Media["kind"], work: Work): GatewayError {
  return GatewayError.invalid(
    fieldOf(block, work),
    `The ${kind} is too large: this model takes at most ${maxBytes[kind] / mib} MB.`,
    `${kind}_too_large`,
  );
}

function fileRefused(block: Media, { request }: Work): GatewayError {
  if (request.from === "bedrock_claude") {
    const path = `${dotted(block.at)}.source.type`;
    return GatewayError.invalid(path, `${path}: 'file' is not supported`, "unsupported_value");
  }
  return GatewayError.invalid(
    block.at ? `${block.at}.file.file_id` : null,
    "File references ('file_id') are not supported for this model. Send 'file_data' instead.",
    "unsupported_value",
  );
}
