import { latin1, utf8 } from "../core/bytes.ts";
import { corrupt } from "./corrupt.ts";

/** What of a message's headers says how to read it. Other headers are checked for shape and skipped. */
export type MessageHead = {
  messageType?: string;
  eventType?: string;
  exceptionType?: string;
  errorCode?: string;
  errorMessage?: string;
  contentType?: string;
};

const names = new Map<string, keyof MessageHead>([
  [":message-type", "messageType"],
  [":event-type", "eventType"],
  [":exception-type", "exceptionType"],
  [":error-code", "errorCode"],
  [":error-message", "errorMessage"],
  [":content-type", "contentType"],
]);

/** Bytes of a value by its type number: true, false, byte, short, integer, long, then two of variable length, timestamp, UUID. */
const sizes = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const text = 7;

/** Reads a header block: (name length, name, type, value)*. Throws `upstream_stream_corrupt` when it does not end where it must. */
export function readHeaders(block: Uint8Array): MessageHead {
  const head: MessageHead = {};
  let at = 0;
  while (at < block.length) {
    const nameEnd = at + 1 + (block[at] ?? 0);
    const name = names.get(latin1(block, at + 1, nameEnd));
    const type = block[nameEnd];
    if (type === undefined || type >= sizes.length) throw corrupt("a message header has an unknown type");
    let from = nameEnd + 1;
    let size = sizes[type];
    if (size === undefined) {
      if (from + 2 > block.length) throw corrupt("a message header is cut off");
      size = ((block[from] ?? 0) << 8) | (block[from + 1] ?? 0);
      from += 2;
    }
    at = from + size;
    if (at > block.length) throw corrupt("a message header is cut off");
    if (name && type === text) head[name] = utf8(block, from, at);
  }
  return head;
}
