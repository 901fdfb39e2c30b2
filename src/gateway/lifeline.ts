import { type Alarm, clearAlarm, setAlarm } from "../core/alarm.ts";
import { GatewayError } from "../core/error.ts";
import type { Place, Watch, Watched } from "./watch.ts";

/**
 * What may end a request before its time: its caller leaves, its deadline comes, the server goes down, the upstream says
 * nothing. It listens to the caller's signal for good: a signal belongs to one request (taking a listener back costs 1 µs).
 */
export class Lifeline implements Watched {
  /** Each attempt has a controller of its own: one that was given up must not take the next along. */
  abort = new AbortController();
  /** Called when the caller leaves. */
  onLeave: (() => void) | undefined;
  /** A timer may ring a moment before the clock says so: the ring counts. */
  #late = false;
  #impatient = false;
  #released = false;
  #ended: GatewayError | undefined;
  #patience: Alarm | undefined;
  readonly #caller: AbortSignal;
  readonly #watch: Watch;
  readonly #place: Place;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  /** `deadline`: monotonic ms. */
  constructor(caller: AbortSignal, deadline: number | undefined, watch: Watch) {
    this.#caller = caller;
    caller.addEventListener("abort", () => {
      if (this.#released) return;
      this.abort.abort();
      this.onLeave?.();
    });
    this.#watch = watch;
    this.#place = watch.add(this);
    if (deadline !== undefined) this.#timer = setTimeout(() => this.#ring(), deadline - performance.now());
  }

  #ring(): void {
    this.#late = true;
    this.abort.abort();
  }

  /** The server goes down: what is under way ends with this error. Streams see to that themselves. */
  interrupt(error: GatewayError): void {
    this.#ended = error;
    this.abort.abort();
  }

  /** Throws why the request is over, if it is. */
  throwIfOver(cause: unknown): void {
    if (this.#caller.aborted) throw cancelled(cause);
    if (this.#ended) throw this.#ended;
    if (this.#late) throw timedOut(cause);
  }

  /** Another attempt begins: its answer must have begun within `ms`. Throws when the caller has left. */
  renew(ms: number): void {
    if (this.abort.signal.aborted) this.abort = new AbortController();
    if (this.#caller.aborted) throw cancelled(undefined);
    this.#impatient = false;
    this.#patience = setAlarm(ms, () => {
      this.#impatient = true;
      this.abort.abort();
    });
  }

  /** An attempt failed: why, in our words. Throws where the whole request is over. */
  judge(thrown: unknown): GatewayError {
    clearAlarm(this.#patience);
    this.throwIfOver(thrown);
    return this.#impatient ? timedOut(thrown) : GatewayError.from(thrown);
  }

  /** The answer is whole, or a stream that looks after itself: nothing interrupts it here any more. */
  unwatch(): void {
    clearAlarm(this.#patience);
    this.#watch.remove(this.#place);
  }

  /** Everything is out. */
  release(): void {
    this.#released = true;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
  }
}

function cancelled(cause: unknown): GatewayError {
  return new GatewayError({ kind: "cancelled", message: "The caller left.", code: "client_closed_request", cause });
}

/** Something took longer than this request may. */
function timedOut(cause: unknown): GatewayError {
  return new GatewayError({ kind: "timeout", message: "Request timed out.", code: "timeout", cause });
}
