import { GatewayError } from "../core/error.ts";

/** Bytes that cannot be what the upstream meant to send: the stream ends here (design.md section 4). */
export function corrupt(what: string): GatewayError {
  return new GatewayError({
    kind: "upstream",
    message: `The upstream sent a corrupt stream: ${what}.`,
    code: "upstream_stream_corrupt",
  });
}
