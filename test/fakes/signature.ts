/**
 * Recomputes the SigV4 signature of a request that a fake got, from the published algorithm and not from src: what the
 * gateway signs must be what went over the wire.
 */
import { createHash, createHmac } from "node:crypto";
import type { Exchange } from "./wire.ts";

const hash = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Uint8Array | string, data: string): Buffer => createHmac("sha256", key).update(data).digest();

/** A text that says what is wrong with the request's signature, or nothing. */
export function signatureFault(exchange: Exchange, secretAccessKey: string, service = "bedrock"): string | undefined {
  const authorization = exchange.headers["authorization"] ?? "";
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (!match) return `authorization is ${authorization || "absent"}`;
  const [, , day = "", region = "", scopeService = "", signed = "", given = ""] = match;
  if (scopeService !== service) return `service ${scopeService}`;
  const names = signed.split(";");
  for (const name of ["host", "x-amz-date"]) if (!names.includes(name)) return `${name} is not signed`;
  const missing = names.find((name) => exchange.headers[name] === undefined);
  if (missing !== undefined) return `signed header ${missing} was not sent`;
  const date = exchange.headers["x-amz-date"] ?? "";
  if (!date.startsWith(day)) return `x-amz-date ${date} against scope ${day}`;
  const [path = "", query = ""] = exchange.target.split("?");
  const canonical = [
    exchange.method,
    path.split("/").map(encodeSegment).join("/"),
    query.split("&").sort().join("&"),
    ...names.map((name) => `${name}:${(exchange.headers[name] ?? "").replace(/ +/g, " ")}`),
    "",
    signed,
    exchange.headers["x-amz-content-sha256"] ?? hash(exchange.body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, hash(canonical)].join("\n");
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day));
  const expected = hmac(key, toSign).toString("hex");
  if (expected !== given) return `signature ${given}, expected ${expected} over\n${canonical}`;
  const claimed = exchange.headers["x-amz-content-sha256"];
  if (claimed !== undefined && claimed !== "UNSIGNED-PAYLOAD" && claimed !== hash(exchange.body)) return "body hash";
  return undefined;
}

/** The canonical path encodes the path as sent once more. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
