import { latin1, utf8 } from "../core/bytes.ts";
import { isObject } from "../core/json.ts";

const opening = '{"bytes":"';
const quote = 0x22;

/**
 * The JSON text inside a `chunk` message of InvokeModelWithResponseStream, which stands in `bytes` between two offsets:
 * `{"bytes":"<base64>","p":"<padding>"}`. Undefined when the payload is no such object.
 */
export function unwrapChunk(bytes: Uint8Array, from: number, to: number): string | undefined {
  const start = from + opening.length;
  // Bedrock writes `bytes` first and base64 without escapes: then nothing has to be parsed.
  if (start < to && latin1(bytes, from, start) === opening) {
    const end = bytes.indexOf(quote, start);
    const inner = latin1(bytes, start, end < 0 || end > to ? to : end);
    if (end > 0 && end < to && !inner.includes("\\")) return Buffer.from(inner, "base64").toString();
  }
  const parsed = parse(utf8(bytes, from, to));
  const encoded = isObject(parsed) ? parsed["bytes"] : undefined;
  return typeof encoded === "string" ? Buffer.from(encoded, "base64").toString() : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
