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

  /**
   * Counts a request in. Throws 503 at once when there are too many. While the server goes down, what comes over open
   * connections is still served: the caller could not know.
   */
  enter(): void {
    if (this.#inFlight >= this.#max)
      throw busy("This server has too many requests in flight. Send the request again a little later.", 1);
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  /** The end has begun; resolves when nothing is in flight. */
  drain(): Promise<void> {
    this.#draining = true;
    return this.idle();
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
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
