import type { GatewayError } from "../core/error.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Pump } from "./pump.ts";
import type { RequestRecord } from "./record.ts";

/** What the server writes: a whole body or a stream that is under way. */
export type Answer =
  | { status: number; headers: Record<string, string>; body: string | Uint8Array }
  | { status: number; headers: Record<string, string>; pump: Pump };

/** Statuses that clients' SDKs retry by themselves: they are told when that is of no use (mapping H.6). */
const retriedBySdks = new Set([408, 409, 429]);

/** An error in the caller's own shape. Never throws. */
export function answerError(error: GatewayError, reply: Dialect, record: RequestRecord): Answer {
  const { status, headers, body } = reply.error.encode(error, record.requestId);
  record.status = error.kind === "cancelled" ? 499 : status;
  record.errorCode = error.code ?? error.kind;
  if (error.upstreamStatus !== undefined) record.upstreamStatus = error.upstreamStatus;
  if (error.upstreamRequestId !== undefined) record.upstreamRequestId = error.upstreamRequestId;
  const all: Record<string, string> = { "content-type": "application/json", ...headers };
  if (error.upstreamRequestId) all["x-upstream-request-id"] = error.upstreamRequestId;
  if (record.attempts > 1) all["x-amazon-chat-attempts"] = String(record.attempts);
  const seconds = retryAfter(error, status);
  if (seconds !== undefined) all["retry-after"] = String(seconds);
  else if (!error.retryable && (retriedBySdks.has(status) || status >= 500)) all["x-should-retry"] = "false";
  return { status, headers: all, body: JSON.stringify(body) };
}

/** Whole seconds, 1 to 3600: the upstream's own, else a default with jitter on every retryable 429 and 503 (mapping H.6). */
function retryAfter(error: GatewayError, status: number): number | undefined {
  if (!error.retryable) return undefined;
  if (error.retryAfter !== undefined) {
    const jitter = error.retryAfterGiven ? 0 : Math.random();
    return Math.min(3600, Math.max(1, Math.ceil(error.retryAfter + jitter)));
  }
  return status === 429 || status === 503 ? Math.ceil(1 + Math.random()) : undefined;
}
