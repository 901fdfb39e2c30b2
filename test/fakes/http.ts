/** HTTP answers as steps for the wire: whole, in pieces, cut short. */
import type { Step } from "./wire.ts";

export type Head = { status?: number; headers?: Record<string, string> };

/** How a cut answer breaks off: as if it were complete, by closing, or hard. */
export type CutManner = "clean" | "closed" | "reset";

function head(parts: Head, framing: Record<string, string>): string {
  const status = parts.status ?? 200;
  const lines = Object.entries({ ...parts.headers, ...framing }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join("")}\r\n`;
}

/** A whole answer with its length; one write. */
export function whole(parts: Head, body: Uint8Array | string): Step[] {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return [{ send: Buffer.concat([Buffer.from(head(parts, { "content-length": String(bytes.length) })), bytes]) }];
}

/** A JSON answer. */
export function json(body: unknown, parts: Head = {}): Step[] {
  return whole({ ...parts, headers: { "content-type": "application/json", ...parts.headers } }, JSON.stringify(body));
}

/** A chunked answer: each piece is an HTTP chunk and a write of its own. `between` stands between two pieces. */
export function* pieces(parts: Head, bodies: Iterable<Uint8Array>, between?: () => Step): Generator<Step> {
  yield { send: head(parts, { "transfer-encoding": "chunked" }) };
  for (const body of bodies) {
    if (body.length === 0) continue;
    yield { send: Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")]) };
    if (between) yield between();
  }
  yield { send: "0\r\n\r\n" };
}

/** The first `length` bytes of a streamed answer, then the end in the given manner. */
export function* cut(parts: Head, body: Uint8Array, length: number, manner: CutManner): Generator<Step> {
  if (manner === "clean") return yield* pieces(parts, [body.subarray(0, length)]);
  yield { send: head(parts, { "transfer-encoding": "chunked" }) };
  const sent = body.subarray(0, length);
  if (sent.length > 0) {
    yield { send: Buffer.concat([Buffer.from(`${sent.length.toString(16)}\r\n`), sent, Buffer.from("\r\n")]) };
  }
  yield { then: manner === "closed" ? "end" : "reset" };
}

/** A whole answer whose `content-length` is a lie: `claimed` bytes are promised, then the connection ends. */
export function lying(parts: Head, body: Uint8Array | string, claimed: number): Step[] {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const start = Buffer.from(head(parts, { "content-length": String(claimed) }));
  return [{ send: Buffer.concat([start, bytes]) }, { then: "end" }];
}

/** `body` in pieces of at most `size(n)` bytes. */
export function* slices(body: Uint8Array, size: () => number): Generator<Uint8Array> {
  for (let at = 0; at < body.length;) {
    const length = Math.max(1, size());
    yield body.subarray(at, at + length);
    at += length;
  }
}
