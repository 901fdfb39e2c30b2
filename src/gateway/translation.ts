import type { Usage } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../core/events.ts";
import type { Context, Decoder, Dialect } from "../dialects/dialect.ts";
import type { Tap, Transform } from "./transform.ts";

/** Upstream bytes → frames → events → frames → SSE text, a whole network chunk at a time. */
export class Translation implements Transform {
  readonly tap: Tap = {};
  failure: GatewayError | undefined;
  complete = false;
  settled = false;
  begun = false;
  readonly #framing: Stage<Uint8Array, Frame>;
  readonly #decoder: Decoder;
  readonly #encoder: ReturnType<Dialect["stream"]["encoder"]>;
  readonly #write: (frame: Frame) => string;
  readonly #doneMark: boolean;
  readonly #hide: Set<number> | undefined;
  #frames: Frame[] = [];
  #events: ChatEvent[] = [];
  #out: Frame[] = [];

  constructor(parts: {
    framing: Stage<Uint8Array, Frame>;
    upstream: Dialect;
    reply: Dialect;
    context: Context;
    write: (frame: Frame) => string;
    /** Reasoning stays with us (EMIT_REASONING=off). */
    hideReasoning: boolean;
    /** The upstream ends its streams with `[DONE]`: without it the answer was cut. */
    doneMark: boolean;
  }) {
    this.#framing = parts.framing;
    this.#decoder = parts.upstream.stream.decoder(parts.context);
    this.#encoder = parts.reply.stream.encoder(parts.context);
    this.#write = parts.write;
    this.#doneMark = parts.doneMark;
    this.#hide = parts.hideReasoning ? new Set() : undefined;
  }

  push(bytes: Uint8Array): string {
    const frames = this.#frames;
    try {
      this.#framing.push(bytes, frames);
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    let done = false;
    try {
      for (const frame of frames) {
        this.#decoder.push(frame, this.#events);
        this.begun = true;
        if (this.#doneMark && frame.data === "[DONE]") {
          done = true;
          break;
        }
      }
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    frames.length = 0;
    if (done && !this.failure) return this.#finish();
    return this.#encode();
  }

  end(): string {
    try {
      this.#framing.end(this.#frames);
      for (const frame of this.#frames) this.#decoder.push(frame, this.#events);
      this.#frames.length = 0;
      if (this.#doneMark) throw GatewayError.truncated();
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
      return this.#encode();
    }
    return this.#finish();
  }

  usageSoFar(): Usage | undefined {
    return this.#decoder.usageSoFar?.();
  }

  fail(error: GatewayError): string {
    return this.#encoder.fail(error).map(this.#write).join("");
  }

  #finish(): string {
    try {
      this.#decoder.end(this.#events);
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    const text = this.#encode();
    if (this.failure) return text;
    try {
      this.#encoder.end(this.#out);
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
      this.#out.length = 0;
      return text;
    }
    this.complete = true;
    return text + this.#drain();
  }

  #encode(): string {
    try {
      for (const event of this.#events) {
        if (event.type === "usage") {
          if (event.usage) this.tap.usage = event.usage;
          if (event.meta) this.tap.meta = event.meta;
        } else if (event.type === "message-end") {
          this.tap.finish = event.finish;
          this.settled = true;
        }
        if (this.#hide && hidden(event, this.#hide)) continue;
        this.#encoder.push(event, this.#out);
      }
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    this.#events.length = 0;
    return this.#drain();
  }

  #drain(): string {
    let text = "";
    for (const frame of this.#out) text += this.#write(frame);
    this.#out.length = 0;
    return text;
  }
}

/** True for the events of reasoning blocks; `open` holds their indices. */
function hidden(event: ChatEvent, open: Set<number>): boolean {
  if (event.type === "block-start" && event.block.type === "reasoning") open.add(event.index);
  return "index" in event && open.has(event.index);
}
