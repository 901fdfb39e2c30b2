import type { GatewayError } from "../core/error.ts";

export type RetryPolicy = {
  /** Attempts in all. */
  attempts: number;
  /** First back-off in ms; it doubles. */
  baseMs: number;
  capMs: number;
  /** A Retry-After above this many seconds is the caller's business (mapping G.1). */
  patienceS: number;
  random: () => number;
};

/**
 * Milliseconds to wait before the next attempt, or undefined when there shall be none (design.md section 9):
 * full jitter, an upstream's Retry-After honoured.
 */
export function retryDelay(error: GatewayError, attempt: number, policy: RetryPolicy): number | undefined {
  if (!error.retryable || attempt >= policy.attempts) return undefined;
  if (error.retryLimit !== undefined && attempt > error.retryLimit) return undefined;
  if (error.retryAfter !== undefined && error.retryAfterGiven) {
    return error.retryAfter > policy.patienceS ? undefined : error.retryAfter * 1000;
  }
  return Math.floor(policy.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1)));
}

/** Waits; ends early when the caller leaves. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
