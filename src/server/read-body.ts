import { clearAlarm, setAlarm } from "../core/alarm.ts";
import { GatewayError } from "../core/error.ts";

/** The request's body, at most `max` bytes within `timeoutMs`. Throws 413, 408 or 400. */
export function readBody(request: Request, max: number, timeoutMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > max) return Promise.reject(tooLarge(max));
  // Asking for `body` makes a stream of it, which costs more than the bytes: only a body of unknown length is one.
  const stream = declared === null ? request.body : undefined;
  if (declared === "0" || stream === null) return Promise.resolve(new Uint8Array(0));
  return new Promise((resolve, reject) => {
    const alarm = setAlarm(timeoutMs, () => reject(slow()));
    (stream ? counted(stream, max) : request.bytes()).then(
      (bytes) => {
        clearAlarm(alarm);
        resolve(bytes);
      },
      (thrown: unknown) => {
        clearAlarm(alarm);
        reject(thrown instanceof GatewayError ? thrown : brokenOff(thrown));
      },
    );
  });
}

function brokenOff(cause: unknown): GatewayError {
  return new GatewayError({
    kind: "cancelled",
    message: "The request body broke off.",
    code: "client_closed_request",
    cause,
  });
}

async function counted(body: ReadableStream<Uint8Array<ArrayBuffer>>, max: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > max) throw tooLarge(max);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(max: number): GatewayError {
  return new GatewayError({
    kind: "too_large",
    code: "request_too_large",
    message: `The request body is larger than this server's limit of ${max} bytes. Send less, or ask the operator to raise MAX_BODY_BYTES.`,
  });
}

function slow(): GatewayError {
  return new GatewayError({
    kind: "timeout",
    status: 408,
    code: "request_body_timeout",
    message: "The request body did not arrive in time.",
  });
}
