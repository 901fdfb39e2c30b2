import type { Frame } from "../core/events.ts";

/** One event-stream message with text headers, lengths and both CRCs. */
export function awsMessage(headers: Readonly<Record<string, string>>, payload: string | Uint8Array): Uint8Array {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const nameBytes = Buffer.from(name);
    const valueBytes = Buffer.from(value);
    const part = Buffer.alloc(1 + nameBytes.length + 3 + valueBytes.length);
    part[0] = nameBytes.length;
    part.set(nameBytes, 1);
    part[1 + nameBytes.length] = 7;
    part.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
    part.set(valueBytes, 4 + nameBytes.length);
    parts.push(part);
  }
  const block = Buffer.concat(parts);
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const total = 16 + block.length + body.length;
  const message = Buffer.alloc(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(block.length, 4);
  message.writeUInt32BE(Bun.hash.crc32(message.subarray(0, 8)), 8);
  message.set(block, 12);
  message.set(body, 12 + block.length);
  message.writeUInt32BE(Bun.hash.crc32(message.subarray(0, total - 4)), total - 4);
  return message;
}

/** A frame as Bedrock puts it on the wire: an event, or an exception when `frame.exception` is set. */
export function awsFrame(frame: Frame): Uint8Array {
  const kind: Record<string, string> =
    frame.exception === undefined
      ? { ":event-type": frame.event ?? "chunk", ":content-type": "application/json", ":message-type": "event" }
      : { ":exception-type": frame.exception, ":content-type": "application/json", ":message-type": "exception" };
  return awsMessage(kind, frame.data);
}

/** A `chunk` message of InvokeModelWithResponseStream around a JSON text. */
export function awsChunk(json: string): Uint8Array {
  return awsFrame({ event: "chunk", data: JSON.stringify({ bytes: Buffer.from(json).toString("base64"), p: "abcd" }) });
}
