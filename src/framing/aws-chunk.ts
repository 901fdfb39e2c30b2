import { isObject } from "../core/json.ts";

const opening = Buffer.from('{"bytes":"');
const quote = 0x22;

/**
 * The JSON text inside a `chunk` message of InvokeModelWithResponseStream: `{"bytes":"<base64>","p":"<padding>"}`.
 * Undefined when the payload is no such object.
 */
export function unwrapChunk(payload: Buffer): string | undefined {
  // Bedrock writes `bytes` first and base64 without escapes: then nothing has to be parsed.
  if (payload.length > opening.length && payload.compare(opening, 0, opening.length, 0, opening.length) === 0) {
    const end = payload.indexOf(quote, opening.length);
    const inner = payload.toString("latin1", opening.length, end < 0 ? payload.length : end);
    if (end > 0 && !inner.includes("\\")) return Buffer.from(inner, "base64").toString();
  }
  const parsed = parse(payload.toString());
  const bytes = isObject(parsed) ? parsed["bytes"] : undefined;
  return typeof bytes === "string" ? Buffer.from(bytes, "base64").toString() : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
