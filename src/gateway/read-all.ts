import type { Reply } from "../providers/provider.ts";
import { GatewayError } from "../core/error.ts";

/**
 * An upstream's whole body, at most `max` bytes: at once where its head tells a length within them, else piece by piece.
 * Throws `upstream_connection_error` when it breaks off.
 */
export function readReply(reply: Reply, max: number, signal: AbortSignal): Promise<Uint8Array> {
  const declared = Number(reply.headers.get("content-length") ?? Number.NaN);
  if (reply.bytes && declared > 0 && declared <= max && !reply.headers.has("content-encoding")) {
    return reply.bytes().then(
      // A body that ends early is no body: the runtime does not always say so.
      (bytes) => (bytes.length === declared ? bytes : Promise.reject(brokenOff(undefined))),
      (cause: unknown) => Promise.reject(brokenOff(cause)),
    );
  }
  return reply.body ? readAll(reply.body, max, signal) : Promise.resolve(new Uint8Array(0));
}

/** The upstream hung up in the middle of a whole answer. */
export function brokenOff(cause: unknown): GatewayError {
  return new GatewayError({
    kind: "upstream",
    message: "The connection to the upstream broke off in the middle of its answer.",
    code: "upstream_connection_error",
    retryable: true,
    cause,
  });
}

/** Reads a whole upstream body, at most `max` bytes. Throws `upstream_connection_error` when it breaks off. */
async function readAll(body: ReadableStream<Uint8Array>, max: number, signal: AbortSignal): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw signal.reason;
      if (done) break;
      size += value.length;
      if (size > max) {
        stop();
        throw GatewayError.noAnswer(`The upstream's answer is larger than this server's limit of ${max} bytes.`);
      }
      chunks.push(value);
    }
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw brokenOff(cause);
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}
