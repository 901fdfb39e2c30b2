import { GatewayError } from "../core/error.ts";

/** Requests in flight, and whether new ones are still taken. */
export class Load {
  #inFlight = 0;
  #draining = false;
  readonly #max: number;
  #onIdle: (() => void) | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Counts a request in. Throws 503 at once when there are too many, or the server is going down. */
  enter(): void {
    if (this.#draining) throw busy("This server is shutting down. Send the request again.", 1);
    if (this.#inFlight >= this.#max)
      throw busy("This server has too many requests in flight. Send the request again a little later.", 1);
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  /** No new requests from now on; resolves when the last one has left. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}

function busy(message: string, retryAfter: number): GatewayError {
  return new GatewayError({
    kind: "overloaded",
    message,
    code: "server_overloaded",
    retryable: true,
    retryAfter,
    retryAfterGiven: true,
  });
}
