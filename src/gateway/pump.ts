import { GatewayError } from "../core/error.ts";
import type { Transform } from "./transform.ts";
import type { Place, Watch, Watched } from "./watch.ts";

export type PumpTimes = {
  /** ms without an upstream byte before the first event. */
  firstEvent: number;
  /** ms without an upstream byte after it. */
  idle: number;
  /** ms of silence towards the caller until a heartbeat. */
  heartbeat: number;
  /** ms that a caller may take nothing. */
  slowReader: number;
  /** ms to wait for usage behind the end mark (mapping C.7 row 13). */
  settle: number;
  /** Monotonic ms at which everything ends; undefined: never. */
  deadline: number | undefined;
};

type Chunk = string | Uint8Array;

/**
 * Moves one upstream stream to one caller at the caller's pace: a chunk is read only when the one before was taken.
 * `next()` gives what to write, undefined at the end. Before `start()` a failure is thrown, so that it can still be an
 * HTTP status; after it, it becomes the one error event and the end (design.md section 4).
 */
export class Pump implements Watched {
  failure: GatewayError | undefined;
  /** Monotonic ms of the first bytes for the caller. */
  firstAt: number | undefined;
  readonly transform: Transform;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #watch: Watch;
  readonly #place: Place;
  readonly #times: PumpTimes;
  readonly #heartbeat: string;
  readonly #onClose: (pump: Pump) => void;
  #whenClosed: (() => void) | undefined;
  #ready: Chunk[] = [];
  #resolve: ((chunk: Chunk | undefined) => void) | undefined;
  #reject: ((error: GatewayError) => void) | undefined;
  #reading = false;
  #started = false;
  #ended = false;
  #closed = false;
  #lastRead: number;
  #lastGiven: number;
  #settledAt: number | undefined;

  constructor(parts: {
    body: ReadableStream<Uint8Array>;
    transform: Transform;
    watch: Watch;
    times: PumpTimes;
    heartbeat: string;
    onClose: (pump: Pump) => void;
  }) {
    this.#reader = parts.body.getReader();
    this.transform = parts.transform;
    this.#watch = parts.watch;
    this.#times = parts.times;
    this.#heartbeat = parts.heartbeat;
    this.#onClose = parts.onClose;
    this.#place = this.#watch.add(this);
    this.#lastRead = this.#lastGiven = this.#watch.now;
  }

  /** Calls back once, when the last byte was taken or the stream was given up. */
  whenClosed(callback: () => void): void {
    if (this.#closed) callback();
    else this.#whenClosed = callback;
  }

  /** Waits for the first bytes that go to the caller. Throws the failure if there are none. */
  async start(): Promise<void> {
    const first = await this.next();
    if (first === undefined) throw this.failure ?? GatewayError.truncated();
    this.#ready.unshift(first);
    this.#started = true;
    this.firstAt = performance.now();
  }

  next(): Promise<Chunk | undefined> {
    this.#lastGiven = this.#watch.now;
    const chunk = this.#ready.shift();
    if (chunk !== undefined) return Promise.resolve(chunk);
    if (this.#ended) {
      this.#close();
      return Promise.resolve(undefined);
    }
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#read();
    });
  }

  /** The caller is gone or served: the upstream is let go at once. */
  cancel(): void {
    if (!this.#ended) {
      this.#ended = true;
      void this.#reader.cancel().catch(() => undefined);
    }
    this.#give(undefined);
    this.#close();
  }

  /** Ends the stream with this error; what was already complete stays complete. */
  interrupt(error: GatewayError): void {
    if (!this.#ended) this.#fail(error);
  }

  check(now: number): void {
    if (this.#ended) {
      if (!this.#resolve && now - this.#lastGiven > this.#times.slowReader) this.#drop();
      return;
    }
    const times = this.#times;
    if (times.deadline !== undefined && now > times.deadline) return this.#fail(timedOut());
    if (this.#reading && now - this.#lastRead > (this.#started ? times.idle : times.firstEvent)) {
      return this.#fail(this.#started ? silent() : timedOut());
    }
    if (this.#settledAt !== undefined && now - this.#settledAt > times.settle) {
      void this.#reader.cancel().catch(() => undefined);
      return this.#atEnd();
    }
    if (this.#resolve) {
      // An answer that has begun but says nothing for this caller (thinking, to Titan's format) is silence like any other.
      if ((this.#started || this.transform.begun === true) && now - this.#lastGiven > times.heartbeat) {
        this.#lastGiven = now;
        this.#give(this.#heartbeat);
      }
    } else if (now - this.#lastGiven > times.slowReader) this.#drop();
  }

  #drop(): void {
    this.failure ??= new GatewayError({
      kind: "cancelled",
      message: "The caller stopped reading.",
      code: "slow_reader",
    });
    this.cancel();
  }

  #read(): void {
    if (this.#reading || this.#ended) return;
    this.#reading = true;
    this.#lastRead = this.#watch.now;
    this.#reader.read().then(this.#onRead, this.#onReadError);
  }

  readonly #onRead = ({ done, value }: { done: boolean; value?: Uint8Array | undefined }): void => {
    this.#reading = false;
    if (this.#ended) return;
    if (done) return this.#atEnd();
    if (!value) return this.#read();
    const text = this.transform.push(value);
    if (this.transform.failure) {
      void this.#reader.cancel().catch(() => undefined);
      return this.#fail(this.transform.failure, text);
    }
    if (this.transform.complete) {
      this.#ended = true;
      this.#rest();
      if (text.length > 0) this.#give(text);
      else this.#give(undefined);
      return;
    }
    if (this.transform.settled) this.#settledAt ??= this.#watch.now;
    if (text.length > 0) this.#give(text);
    if (this.#resolve) this.#read();
  };

  readonly #onReadError = (cause: unknown): void => {
    this.#reading = false;
    if (this.#ended) return;
    // The deadline's timer gives the upstream up, and may ring a moment before the clock says so.
    const { deadline } = this.#times;
    if (deadline !== undefined && performance.now() > deadline - 5) return this.#fail(timedOut());
    this.#fail(cause instanceof GatewayError ? cause : GatewayError.truncated(cause));
  };

  #atEnd(): void {
    if (this.#ended) return;
    const text = this.transform.end();
    if (this.transform.failure) return this.#fail(this.transform.failure, text);
    this.#ended = true;
    this.#give(text.length > 0 ? text : undefined);
  }

  /** Reads a complete answer's last bytes away so that the connection can be used again. */
  #rest(): void {
    const timer = setTimeout(() => void this.#reader.cancel().catch(() => undefined), this.#times.settle);
    const drain = (): void => {
      this.#reader.read().then(
        ({ done }) => (done ? clearTimeout(timer) : drain()),
        () => clearTimeout(timer),
      );
    };
    drain();
  }

  /** `text` is what was still good. */
  #fail(error: GatewayError, text: Chunk = ""): void {
    this.failure = error;
    this.#ended = true;
    void this.#reader.cancel().catch(() => undefined);
    if (!this.#started && text.length === 0 && this.#reject) {
      const reject = this.#reject;
      this.#resolve = this.#reject = undefined;
      this.#close();
      return reject(error);
    }
    if (text.length > 0) this.#give(text);
    const event = this.transform.fail(error);
    this.#give(event === "" ? undefined : event);
  }

  #give(chunk: Chunk | undefined): void {
    const resolve = this.#resolve;
    if (resolve) {
      this.#resolve = this.#reject = undefined;
      if (chunk === undefined) this.#close();
      resolve(chunk);
    } else if (chunk !== undefined) this.#ready.push(chunk);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.remove(this.#place);
    this.#onClose(this);
    this.#whenClosed?.();
  }
}

function timedOut(): GatewayError {
  return new GatewayError({ kind: "timeout", message: "Request timed out.", code: "timeout" });
}

function silent(): GatewayError {
  return new GatewayError({
    kind: "timeout",
    message: "The upstream stopped sending in the middle of its answer.",
    code: "upstream_idle_timeout",
  });
}
