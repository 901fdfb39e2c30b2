import { GatewayError } from "../core/error.ts";
import type { Frame, Stage } from "../core/events.ts";
import type { ChatEvent } from "../core/events.ts";
import type { Context, Dialect } from "../dialects/dialect.ts";
import type { Tap, Transform } from "./transform.ts";

const nothing = new Uint8Array(0);
const newline = 0x0a;
const done = Buffer.from("[DONE]");
const errorMark = Buffer.from('"error"');
const usageMark = Buffer.from('"usage":{');
const spacedUsageMark = Buffer.from('"usage": {');
const finishMark = Buffer.from('"finish_reason":"');
const spacedFinishMark = Buffer.from('"finish_reason": "');

/**
 * A verbatim SSE edge: bytes go out as they came. The tap searches each network chunk for the few words that matter
 * (usage, finish reason, `[DONE]`, an error event) and decodes only events that hold one of them.
 */
export class ForwardBytes implements Transform {
  readonly tap: Tap = {};
  failure: GatewayError | undefined;
  complete = false;
  settled = false;
  readonly #dialect: Dialect;
  readonly #context: Context;
  readonly #framing: () => Stage<Uint8Array, Frame>;
  readonly #write: (frame: Frame) => string;
  /** Bytes have gone out. */
  #begun = false;
  /** The caller has the upstream's own error event. */
  #told = false;
  /** The open event's bytes so far, kept until it is whole. */
  #rest: Uint8Array | undefined;
  readonly #maxEvent: number;

  constructor(parts: {
    dialect: Dialect;
    context: Context;
    framing: () => Stage<Uint8Array, Frame>;
    write: (frame: Frame) => string;
    maxEvent: number;
  }) {
    this.#dialect = parts.dialect;
    this.#context = parts.context;
    this.#framing = parts.framing;
    this.#write = parts.write;
    this.#maxEvent = parts.maxEvent;
  }

  push(chunk: Uint8Array): Uint8Array {
    // Only whole events go out: behind half a one neither a heartbeat nor the error event could be read.
    const bytes = this.#rest
      ? Buffer.concat([this.#rest, chunk])
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const cut = lastBoundary(bytes);
    if (cut > 0 && this.#interesting(bytes, cut)) {
      const stop = this.#judge(bytes.subarray(0, cut));
      if (stop >= 0) {
        this.#rest = undefined;
        return bytes.subarray(0, stop);
      }
    }
    if (bytes.length - cut > this.#maxEvent) {
      this.failure = GatewayError.noAnswer("The upstream sent an event larger than this server's limit.");
      return nothing;
    }
    this.#begun ||= cut > 0;
    if (cut === bytes.length) {
      this.#rest = undefined;
      return bytes;
    }
    this.#rest = bytes.subarray(cut);
    return bytes.subarray(0, cut);
  }

  end(): Uint8Array {
    if (!this.complete) this.failure ??= GatewayError.truncated();
    return nothing;
  }

  fail(error: GatewayError): string {
    if (this.#told) return "";
    return this.#dialect.stream.encoder(this.#context).fail(error).map(this.#write).join("");
  }

  #interesting(bytes: Buffer, cut: number): boolean {
    const has = (mark: Buffer) => {
      const at = bytes.indexOf(mark);
      return at >= 0 && at < cut;
    };
    return (
      has(done) || has(usageMark) || has(finishMark) || has(errorMark) || has(spacedUsageMark) || has(spacedFinishMark)
    );
  }

  /** Decodes the events of a chunk that hold one of the words. Gives the offset at which forwarding must stop, or -1. */
  #judge(bytes: Buffer): number {
    let offset = 0;
    while (offset < bytes.length) {
      const end = boundary(bytes, offset);
      if (end < 0) return -1;
      const event = bytes.subarray(offset, end);
      if (!this.#interesting(event, event.length)) {
        offset = end;
        continue;
      }
      const frames: Frame[] = [];
      const events: ChatEvent[] = [];
      const decoder = this.#dialect.stream.decoder(this.#context);
      try {
        this.#framing().push(event, frames);
        for (const frame of frames) {
          if (frame.data === "[DONE]") {
            this.complete = true;
            return end;
          }
          decoder.push(frame, events);
        }
        // The end of a decoder with a finish reason gives the events it held back; without one it throws.
        if (events.some((it) => it.type === "message-end")) decoder.end(events);
      } catch (thrown) {
        this.failure = GatewayError.from(thrown);
        // An error before everything else can still be an HTTP status.
        if (!this.#begun && offset === 0) return 0;
        // The upstream's own error event: the caller gets it as it came, and nothing behind it.
        this.#told = true;
        return end;
      }
      for (const it of events) {
        if (it.type === "usage" && it.usage) this.tap.usage = it.usage;
        else if (it.type === "message-end") {
          this.tap.finish = it.finish;
          this.settled = true;
        }
      }
      offset = end;
    }
    return -1;
  }
}

/** The offset behind the last blank line, 0 when there is none. */
function lastBoundary(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(newline); at > 0; at = bytes.lastIndexOf(newline, at - 1)) {
    if (bytes[at - 1] === newline || (bytes[at - 1] === 0x0d && bytes[at - 2] === newline)) return at + 1;
  }
  return 0;
}

/** The offset behind the next blank line, -1 when there is none. */
function boundary(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(newline, from); at >= 0; at = bytes.indexOf(newline, at + 1)) {
    if (bytes[at + 1] === newline) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === newline) return at + 3;
  }
  return -1;
}
