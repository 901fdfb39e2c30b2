/** Seconds of silence after which a connection without a request is closed. */
export const idleSeconds = 60;

/** Seconds that a connection still has whose caller does not take its answer or does not send its request. */
const lastSeconds = 1;

const theirSilence = new Set(["slow_reader", "request_body_timeout"]);

/**
 * What a connection gets once its request is over. Bun 1.4.5 keeps what was set for a request for the connection's whole
 * life: without this, connections that served a chat request would never be closed, and a caller that was dropped because
 * it takes nothing would keep its socket (both measured).
 */
export function silenceAfter(errorCode: string | undefined): number {
  return errorCode !== undefined && theirSilence.has(errorCode) ? lastSeconds : idleSeconds;
}
