/**
 * AWS event-stream messages for tests, written from the published format and not from src/framing, so that each checks
 * the other: prelude (total length, header length, its CRC), headers, payload, CRC of the whole.
 */
import { crc32 } from "node:zlib";

export type Message = { headers: Record<string, string>; payload: Uint8Array };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One message with string headers (type 7, the only one Bedrock sends). */
export function message(headers: Record<string, string>, payload: Uint8Array | string): Uint8Array {
  const body = typeof payload === "string" ? encoder.encode(payload) : payload;
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const total = 12 + head.length + body.length + 4;
  const out = Buffer.alloc(total);
  out.writeUInt32BE(total, 0);
  out.writeUInt32BE(head.length, 4);
  out.writeUInt32BE(crc32(out.subarray(0, 8)), 8);
  out.set(head, 12);
  out.set(body, 12 + head.length);
  out.writeUInt32BE(crc32(out.subarray(0, total - 4)), total - 4);
  return out;
}

function header(name: string, value: string): Buffer {
  const key = encoder.encode(name);
  const text = encoder.encode(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Uint8Array.of(key.length), key, Uint8Array.of(7), length, text]);
}

/** An event as Bedrock sends it, its payload JSON. */
export function event(type: string, payload: unknown): Uint8Array {
  return message(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    JSON.stringify(payload),
  );
}

/** A modelled exception in mid-stream. */
export function exception(type: string, payload: unknown): Uint8Array {
  return message(
    { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" },
    JSON.stringify(payload),
  );
}

/** An unmodelled error in mid-stream: code and text stand in the headers. */
export function errorMessage(code: string, text: string): Uint8Array {
  return message({ ":error-code": code, ":error-message": text, ":message-type": "error" }, "");
}

/** One `chunk` of InvokeModelWithResponseStream around the model's own JSON. */
export function chunk(json: unknown): Uint8Array {
  const bytes = Buffer.from(typeof json === "string" ? json : JSON.stringify(json)).toString("base64");
  return event("chunk", { bytes });
}

/** The messages of a recording. Throws on anything that is not whole and sound. */
export function messages(bytes: Uint8Array): Message[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: Message[] = [];
  for (let at = 0; at < buffer.length;) {
    const total = buffer.readUInt32BE(at);
    const headLength = buffer.readUInt32BE(at + 4);
    const end = at + total;
    if (crc32(buffer.subarray(at, at + 8)) !== buffer.readUInt32BE(at + 8))
      throw new Error(`prelude CRC at byte ${at}`);
    if (crc32(buffer.subarray(at, end - 4)) !== buffer.readUInt32BE(end - 4))
      throw new Error(`message CRC at byte ${at}`);
    out.push({
      headers: headers(buffer.subarray(at + 12, at + 12 + headLength)),
      payload: buffer.subarray(at + 12 + headLength, end - 4),
    });
    at = end;
  }
  return out;
}

function headers(bytes: Buffer): Record<string, string> {
  const out: Record<string, string> = {};
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const name = decoder.decode(bytes.subarray(at + 1, nameEnd));
    if (bytes[nameEnd] !== 7) throw new Error(`header ${name} is no string`);
    const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1);
    out[name] = decoder.decode(bytes.subarray(nameEnd + 3, valueEnd));
    at = valueEnd;
  }
  return out;
}
