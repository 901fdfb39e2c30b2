import { latin1 } from "../core/bytes.ts";
import { GatewayError } from "../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../core/events.ts";
import { HeldBytes } from "../core/held-bytes.ts";
import type { Context, Decoder, Dialect } from "../dialects/dialect.ts";
import type { Tap, Transform } from "./transform.ts";

const nothing = new Uint8Array(0);
const newline = 0x0a;
/**
 * `[DONE]`, an error event, usage, a finish reason. One walk of a compiled pattern: less than six searches, and without the
 * quotes in front two thirds of a pattern that has them (JSON is full of quotes; measured: 140 and 240 ns a delta).
 */
const interesting = /\[DONE\]|error"|usage": ?\{|reason": ?"/;
/** An answer has begun when there is data: comments, and what is no event at all, can still be followed by a status. */
const dataLine = /^data:/m;

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
  readonly #newFraming: () => Stage<Uint8Array, Frame>;
  /** For the few events that are decoded; made for the first of them. */
  #framing: Stage<Uint8Array, Frame> | undefined;
  #decoder: Decoder | undefined;
  readonly #write: (frame: Frame) => string;
  /** Bytes have gone out. */
  #begun = false;
  /** The caller has the upstream's own error event. */
  #told = false;
  /** The open event's bytes so far, kept until it is whole. */
  readonly #held = new HeldBytes();
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
    this.#newFraming = parts.framing;
    this.#write = parts.write;
    this.#maxEvent = parts.maxEvent;
  }

  push(chunk: Uint8Array): Uint8Array {
    const before = this.#held.size;
    if (before === 0) return this.#forward(chunk, lastBoundary(chunk, 0));
    this.#held.add(chunk);
    // The longest boundary has four bytes, of which one is new.
    const cut = lastBoundary(this.#held.view, Math.max(0, before - 3));
    if (cut === 0) return this.#isTooLarge(this.#held.size) ? this.#tooLarge() : nothing;
    const bytes = new Uint8Array(this.#held.view);
    this.#held.clear();
    return this.#forward(bytes, cut);
  }

  /** Only whole events go out: behind half a one neither a heartbeat nor the error event could be read. */
  #forward(bytes: Uint8Array, cut: number): Uint8Array {
    const events = latin1(bytes, 0, cut);
    if (interesting.test(events)) {
      const stop = this.#judge(bytes.subarray(0, cut));
      if (stop >= 0) return bytes.subarray(0, stop);
    }
    this.#begun ||= dataLine.test(events);
    const told = this.#begun ? cut : 0;
    if (this.#isTooLarge(bytes.length - told)) return this.#tooLarge();
    if (told === bytes.length) return bytes;
    this.#held.add(bytes.subarray(told));
    return bytes.subarray(0, told);
  }

  #isTooLarge(size: number): boolean {
    return size > this.#maxEvent;
  }

  #tooLarge(): Uint8Array {
    this.failure = GatewayError.noAnswer("The upstream sent an event larger than this server's limit.");
    return nothing;
  }

  end(): Uint8Array {
    if (!this.complete) this.failure ??= GatewayError.truncated();
    return nothing;
  }

  fail(error: GatewayError): string {
    if (this.#told) return "";
    return this.#dialect.stream.encoder(this.#context).fail(error).map(this.#write).join("");
  }

  /** Decodes the events of a chunk that hold one of the words. Gives the offset at which forwarding must stop, or -1. */
  #judge(bytes: Uint8Array): number {
    let offset = 0;
    while (offset < bytes.length) {
      const end = boundary(bytes, offset);
      if (end < 0) return -1;
      const event = bytes.subarray(offset, end);
      const text = latin1(event, 0, event.length);
      if (isDone(text)) {
        this.complete = true;
        return end;
      }
      if (!interesting.test(text)) {
        offset = end;
        continue;
      }
      const frames: Frame[] = [];
      const events: ChatEvent[] = [];
      this.#framing ??= this.#newFraming();
      const decoder = (this.#decoder ??= this.#dialect.stream.decoder(this.#context));
      try {
        this.#framing.push(event, frames);
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

/** The end mark as everybody writes it; others are found by decoding. */
function isDone(event: string): boolean {
  return event === "data: [DONE]\n\n" || event === "data: [DONE]\r\n\r\n";
}

/** The offset behind the last blank line that begins at or behind `from`, 0 when there is none. */
function lastBoundary(bytes: Uint8Array, from: number): number {
  for (let at = bytes.lastIndexOf(newline); at > from; at = bytes.lastIndexOf(newline, at - 1)) {
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
