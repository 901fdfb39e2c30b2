import { GatewayError } from "../core/error.ts";
import type { Place, Watch, Watched } from "./watch.ts";

/** What may end a request before its time: its caller leaves, its deadline comes, the server goes down. */
export class Lifeline implements Watched {
  /** Each attempt has a controller of its own: one that was given up must not take the next along. */
  abort = new AbortController();
  /** A timer may ring a moment before the clock says so: the ring counts. */
  #late = false;
  #ended: GatewayError | undefined;
  readonly #caller: AbortSignal;
  readonly #watch: Watch;
  readonly #place: Place;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #leave = (): void => this.abort.abort();

  /** `deadline`: monotonic ms. */
  constructor(caller: AbortSignal, deadline: number | undefined, watch: Watch) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#leave);
    this.#watch = watch;
    this.#place = watch.add(this);
    if (deadline !== undefined) this.#timer = setTimeout(() => this.#ring(), deadline - performance.now());
  }

  #ring(): void {
    this.#late = true;
    this.#leave();
  }

  /** The server goes down: what is under way ends with this error. Streams see to that themselves. */
  interrupt(error: GatewayError): void {
    this.#ended = error;
    this.#leave();
  }

  /** Throws why the request is over, if it is. */
  throwIfOver(cause: unknown): void {
    if (this.#caller.aborted) throw cancelled(cause);
    if (this.#ended) throw this.#ended;
    if (this.#late) throw timedOut(cause);
  }

  /** Another attempt begins. Throws when the caller has left. */
  renew(): void {
    if (this.abort.signal.aborted) this.abort = new AbortController();
    if (this.#caller.aborted) throw cancelled(undefined);
  }

  /** The answer is whole, or a stream that looks after itself: nothing interrupts it here any more. */
  unwatch(): void {
    this.#watch.remove(this.#place);
  }

  /** Everything is out. */
  release(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#caller.removeEventListener("abort", this.#leave);
  }
}

function cancelled(cause: unknown): GatewayError {
  return new GatewayError({ kind: "cancelled", message: "The caller left.", code: "client_closed_request", cause });
}

/** Something took longer than this request may. */
export function timedOut(cause: unknown): GatewayError {
  return new GatewayError({ kind: "timeout", message: "Request timed out.", code: "timeout", cause });
}
