import { basename } from "node:path";
import type { JsonObject } from "../../core/json.ts";
import { mediaTypeOf } from "../../core/media-type.ts";
import { CliError, exits, usageError } from "../failure.ts";
import { fileError, largestFile, readBounded, tooLarge } from "./read-bounded.ts";
import { fenced } from "./fence.ts";
import { textOfBytes } from "./text-of-bytes.ts";

const urlPatienceMs = 30_000;

export type Source = { name: string; bytes: Uint8Array };

/** The bytes of `-a`: a path, an http(s) URL, or `-` for what was piped. */
export async function attachmentSource(
  given: string,
  piped: () => Promise<Uint8Array>,
  signal: AbortSignal,
): Promise<Source> {
  if (given === "-") return { name: "stdin", bytes: await piped() };
  if (/^https?:\/\//i.test(given)) return fetched(given, signal);
  return { name: basename(given), bytes: readBounded(given) };
}

/**
 * A content part of an OpenAI message. The bytes decide about the type; `type` (--attach-type) counts where they do not
 * tell. Throws exit 2 for an empty file and for bytes of no type that a model takes.
 */
export function attachmentPart({ name, bytes }: Source, type: string | undefined): JsonObject {
  if (bytes.length === 0) throw fileError(`${name} is empty.`);
  const mime = mediaTypeOf(bytes) ?? type?.trim().toLowerCase();
  const text = mime === undefined || mime.startsWith("text/") ? textOfBytes(bytes) : undefined;
  if (text !== undefined) return { type: "text", text: `${name}:\n${fenced(text.text)}` };
  if (mime === undefined || !/^[\w.+-]+\/[\w.+-]+$/.test(mime)) {
    throw usageError(`${name} is of no type that is known here.`, "Name it: --attach-type application/pdf");
  }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  const url = `data:${mime};base64,${data}`;
  const [family] = mime.split("/");
  if (family === "image") return { type: "image_url", image_url: { url } };
  if (family === "video") return { type: "video_url", video_url: { url } };
  if (family === "audio") {
    return { type: "input_audio", input_audio: { data, format: mime === "audio/wav" ? "wav" : "mp3" } };
  }
  return { type: "file", file: { filename: name, file_data: url } };
}

async function fetched(url: string, signal: AbortSignal): Promise<Source> {
  const name = basename(new URL(url).pathname) || "attachment";
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(urlPatienceMs)]);
    const response = await fetch(url, { signal: limit });
    if (!response.ok) throw failed(url, `The server answered with status ${response.status}.`);
    if (Number(response.headers.get("content-length") ?? 0) > largestFile) throw tooLarge(url);
    const pieces: Uint8Array[] = [];
    let total = 0;
    for await (const piece of response.body ?? []) {
      total += piece.length;
      if (total > largestFile) throw tooLarge(url);
      pieces.push(piece);
    }
    return { name, bytes: Buffer.concat(pieces) };
  } catch (cause) {
    if (cause instanceof CliError || signal.aborted) throw cause;
    throw failed(url, "Check the address and your network.", cause);
  }
}

function failed(url: string, hint: string, cause?: unknown): CliError {
  return new CliError({ exit: exits.usage, message: `Cannot get ${url}.`, hint: [hint], cause });
}
