import { GatewayError } from "../core/error.ts";

/** "InvokeModel body limit 25,000,000 bytes" (mapping B, endpoint facts); Converse has the same. */
const mostForBedrock = 25_000_000;

/**
 * Throws 413 for a body that Bedrock would refuse: media that were fetched, and base64 of a text in another escape, can
 * make it larger than what the caller sent.
 */
export function boundForBedrock(body: string | Uint8Array): void {
  // No text has more than three bytes for each of its units: small ones are not measured.
  if (body.length * 3 <= mostForBedrock) return;
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  if (bytes <= mostForBedrock) return;
  throw new GatewayError({
    kind: "too_large",
    code: "request_too_large",
    message: `The request to Bedrock would be ${bytes} bytes, media included; Bedrock takes at most ${mostForBedrock}. Send less or smaller media.`,
  });
}
