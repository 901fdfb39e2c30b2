import type { Usage } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../core/events.ts";
import type { Context, Decoder, Dialect } from "../dialects/dialect.ts";
import type { Tap, Transform } from "./transform.ts";

/**
 * A verbatim edge out of an AWS event stream (Claude, Titan through InvokeModelWithResponseStream): the JSON of each
 * chunk goes out as it came, in SSE clothes. A decoder runs beside it as the tap and judges the end.
 */
export class ForwardFrames implements Transform {
  readonly tap: Tap = {};
  failure: GatewayError | undefined;
  complete = false;
  settled = false;
  readonly #framing: Stage<Uint8Array, Frame>;
  readonly #decoder: Decoder;
  readonly #dialect: Dialect;
  readonly #context: Context;
  readonly #write: (frame: Frame) => string;
  #frames: Frame[] = [];
  #events: ChatEvent[] = [];

  constructor(parts: {
    framing: Stage<Uint8Array, Frame>;
    dialect: Dialect;
    context: Context;
    write: (frame: Frame) => string;
  }) {
    this.#framing = parts.framing;
    this.#dialect = parts.dialect;
    this.#context = parts.context;
    this.#decoder = parts.dialect.stream.decoder(parts.context);
    this.#write = parts.write;
  }

  push(bytes: Uint8Array): string {
    try {
      this.#framing.push(bytes, this.#frames);
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    return this.#forward();
  }

  #forward(): string {
    let text = "";
    try {
      for (const frame of this.#frames) {
        this.#decoder.push(frame, this.#events);
        text += this.#write(this.#dialect.stream.named(frame));
      }
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    this.#frames.length = 0;
    this.#listen();
    return text;
  }

  end(): string {
    let text = "";
    try {
      this.#framing.end(this.#frames);
      text = this.#forward();
      if (this.failure) return text;
      this.#decoder.end(this.#events);
      this.#listen();
      text += this.#dialect.stream.endMark;
      this.complete = true;
    } catch (thrown) {
      this.failure = GatewayError.from(thrown);
    }
    return text;
  }

  usageSoFar(): Usage | undefined {
    return this.#decoder.usageSoFar?.();
  }

  fail(error: GatewayError): string {
    return this.#dialect.stream.encoder(this.#context).fail(error).map(this.#write).join("");
  }

  #listen(): void {
    for (const event of this.#events) {
      if (event.type === "usage") {
        if (event.usage) this.tap.usage = event.usage;
        if (event.meta) this.tap.meta = event.meta;
      } else if (event.type === "message-end") {
        this.tap.finish = event.finish;
        this.settled = true;
      }
    }
    this.#events.length = 0;
  }
}
