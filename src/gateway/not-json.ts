import { GatewayError } from "../core/error.ts";

/** Beyond this, what is no object is not parsed to tell broken JSON from another value: it may be 25 MB of brackets. */
const worthParsing = 64 * 1024;

/**
 * 400 for a body that is no JSON, with what is wrong as far as its bytes tell; nothing of the body is repeated. `at`: the
 * byte where the reader stopped.
 */
export function notJson(bytes: Uint8Array, at?: number): GatewayError {
  const message = "We could not parse the JSON body of your request.";
  const packed = packing(bytes);
  if (packed !== undefined) {
    return new GatewayError({
      kind: "unsupported_media_type",
      code: "unsupported_content_encoding",
      message: `${message} It is compressed with ${packed}: send it as it is, without 'content-encoding'.`,
    });
  }
  return new GatewayError({ kind: "invalid_request", message: `${message} ${reason(bytes, at)}` });
}

/** The compression whose mark the bytes begin with (RFC 1952, RFC 8878): no JSON begins so. */
function packing(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return "zstd";
  return undefined;
}

function reason(bytes: Uint8Array, at: number | undefined): string {
  if (bytes.length === 0) return "It is empty.";
  if (isUtf16(bytes)) return "It looks like UTF-16: send UTF-8.";
  if (!isUtf8(bytes)) return "It is not valid UTF-8.";
  if (at === undefined) return "Check its quotes, commas and escapes.";
  if (at >= bytes.length) return `It ends too early, after ${bytes.length} bytes.`;
  return `What stands at ${place(bytes, at)} is not JSON.`;
}

/** A byte order mark, or a NUL beside a first character: JSON begins with ASCII (RFC 4627 section 3). */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked || (bytes.length > 1 && (first === 0) !== (second === 0));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function place(bytes: Uint8Array, at: number): string {
  let line = 1;
  let start = 0;
  for (let next = bytes.indexOf(0x0a); next >= 0 && next < at; next = bytes.indexOf(0x0a, next + 1)) {
    line++;
    start = next + 1;
  }
  return line === 1 ? `byte ${at + 1}` : `line ${line}, byte ${at - start + 1}`;
}

/** 400 for a body that is no object: broken JSON is said to be that, which is more useful than an unknown format. */
export function noObject(bytes: Uint8Array, at: number): GatewayError {
  if (bytes.length - at <= worthParsing && !parses(bytes.subarray(at))) return notJson(bytes, firstWrong(bytes, at));
  return new GatewayError({ kind: "invalid_request", code: "unknown_request_format", message: unknownFormatText });
}

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Something that no JSON value begins with is itself what is wrong; in others the place is not looked for. */
function firstWrong(bytes: Uint8Array, at: number): number | undefined {
  return '["-0123456789tfn'.includes(String.fromCharCode(bytes[at] ?? 0)) ? undefined : at;
}

export const unknownFormatText =
  "Unrecognized request format. Expected OpenAI ('model' and 'messages'), Bedrock Claude ('anthropic_version') or Bedrock Titan ('inputText').";
