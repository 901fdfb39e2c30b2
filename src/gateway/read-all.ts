import { GatewayError } from "../core/error.ts";

/** Reads a whole upstream body, at most `max` bytes. Throws `upstream_connection_error` when it breaks off. */
export async function readAll(body: ReadableStream<Uint8Array>, max: number, signal: AbortSignal): Promise<Uint8Array> {
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
    throw new GatewayError({
      kind: "upstream",
      message: "The connection to the upstream broke off in the middle of its answer.",
      code: "upstream_connection_error",
      retryable: true,
      cause,
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}
