import { type Alarm, clearAlarm, setAlarm } from "../../core/alarm.ts";
import { connectionError, connectTimeout } from "./connection-error.ts";
import { Reachability } from "./reachability.ts";

export type ConnectSettings = {
  /** ms until a host that takes no connection is given up (design.md section 8: 5 s). */
  timeout: number;
  /** Calls go through an HTTP proxy: then a direct connection proves nothing and is not tried. */
  proxied: boolean;
};

export type Post = {
  url: string;
  /** The URL's host, for messages. */
  host: string;
  headers: Record<string, string> | Headers;
  body: string | Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
  /** The controller behind `signal`, where it serves this attempt alone. */
  controller?: AbortController | undefined;
};

const shared = new Reachability();

/**
 * Sends bytes, gives the answer when its headers are there. No redirects (an answer of 3xx is for the gateway to
 * refuse), no idle timeout of the runtime's own (design.md section 7). Throws a GatewayError.
 */
export async function post(
  request: Post,
  connect: ConnectSettings,
  reachability: Pick<Reachability, "takesConnections"> = shared,
): Promise<Response> {
  const { signal } = request;
  const abort = request.controller ?? follower(signal);
  const doubt = connect.proxied ? undefined : new Doubt(request, connect.timeout, reachability, abort);
  try {
    return await fetch(request.url, {
      method: "POST",
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      timeout: false,
      signal: abort.signal,
    });
  } catch (thrown) {
    if (doubt?.isTrue) throw connectTimeout(request.host, connect.timeout);
    throw connectionError(thrown, request.host, signal);
  } finally {
    doubt?.settle();
  }
}

/** Whether a host takes connections at all: asked when half the connect timeout is over and no answer has come. */
class Doubt {
  isTrue = false;
  #settled = false;
  readonly #alarm: Alarm;

  constructor(
    { url }: Post,
    timeout: number,
    reachability: Pick<Reachability, "takesConnections">,
    abort: AbortController,
  ) {
    this.#alarm = setAlarm(timeout / 2, () => {
      void reachability.takesConnections(new URL(url), timeout / 2).then((reached) => {
        if (reached || this.#settled) return;
        this.isTrue = true;
        abort.abort();
      });
    });
  }

  settle(): void {
    this.#settled = true;
    clearAlarm(this.#alarm);
  }
}

/** A controller that aborts with `signal`, for the life of the call: the body is read under it too. */
function follower(signal: AbortSignal): AbortController {
  const abort = new AbortController();
  if (signal.aborted) abort.abort();
  else signal.addEventListener("abort", () => abort.abort());
  return abort;
}
