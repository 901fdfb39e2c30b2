import { GatewayError } from "../../core/error.ts";

/** What a failed connection means in words; the runtime's own texts name URLs and options of its `fetch`. */
const texts: Record<string, string> = {
  ECONNREFUSED: "refused the connection",
  ECONNRESET: "closed the connection before it answered",
  ENOTFOUND: "has an unknown host name",
  EAI_AGAIN: "has a host name that could not be looked up",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  EPIPE: "closed the connection before it answered",
  EPROTO: "does not speak TLS as expected",
};

/**
 * A throw of `fetch` as a GatewayError (mapping H.3, connection row): 502, 504 for timeouts, both retryable because
 * nothing was answered yet; a connection that was closed while it was being used again is one of them. A certificate that does not hold will not hold a second later.
 * `host` is named so that an operator knows where to look; it holds no credentials.
 */
export function connectionError(thrown: unknown, host: string, signal: AbortSignal): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (signal.aborted)
    return new GatewayError({
      kind: "cancelled",
      message: "The request was cancelled.",
      code: "client_closed_request",
      cause: thrown,
    });
  if (thrown instanceof Error && thrown.name === "TimeoutError")
    return timedOut(`${host} did not answer in time.`, thrown);
  const code = codeOf(thrown);
  return new GatewayError({
    kind: "upstream",
    message: `The upstream ${host} ${texts[code] ?? "could not be reached"}${code === "" ? "" : ` (${code})`}.`,
    code: "upstream_connection_error",
    retryable: !/CERT|SELF_SIGNED|UNABLE_TO_/.test(code),
    ...(code !== "" && { upstreamName: code }),
    cause: thrown,
  });
}

/** No connection within the connect timeout: 504. */
export function connectTimeout(host: string, ms: number): GatewayError {
  return timedOut(`No connection to the upstream ${host} within ${ms / 1000} s.`);
}

function timedOut(message: string, cause?: unknown): GatewayError {
  return new GatewayError({
    kind: "timeout",
    message,
    code: "upstream_connection_error",
    retryable: true,
    upstreamName: "TimeoutError",
    cause,
  });
}

/** Node's error code (`ECONNREFUSED`, a TLS code), "" when there is none. */
function codeOf(thrown: unknown): string {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" && /^[A-Z0-9_]{2,60}$/.test(code) ? code : "";
}
