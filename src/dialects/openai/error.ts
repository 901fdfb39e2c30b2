import { type ErrorFields, type ErrorKind, GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Dialect } from "../dialect.ts";
import { look } from "../look.ts";
import { errorRow, waits } from "./error-rows.ts";

/** OpenAI's error object of an answer with an error status (mapping H.4). `body` is the raw text. */
function decode(status: number, headers: Headers, body: string): GatewayError {
  const error = errorObject(body);
  const row = errorRow(status, look.text(error, "code"), look.text(error, "type"));
  const requestId = headers.get("x-request-id") ?? undefined;
  const fields: ErrorFields = {
    ...fieldsOf(error, row.kind, plainText(body, status)),
    upstreamStatus: status,
    status: row.status ?? status,
    retryable: askedToRetry(headers) ?? row.retryable,
    ...waits(headers),
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
  };
  if (row.kind !== "upstream_auth") return new GatewayError(fields);
  // The caller's key is not the one that was refused: OpenAI's words, with parts of ours, stay here (mapping 0.11).
  return new GatewayError({
    kind: "upstream_auth",
    message: "The upstream refused this server's credentials.",
    code: "upstream_authentication_error",
    status: 502,
    upstreamStatus: status,
    cause: fields.message,
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
  });
}

/** An error event in the middle of a stream: its type or code says what a status would. */
export function streamError(error: Json): GatewayError {
  const object = isObject(error) ? error : undefined;
  const code = look.text(object, "code");
  const type = look.text(object, "type");
  const status = look.number(object, "status") ?? look.number(object, "code") ?? statusOf(code, type);
  const row = errorRow(status, code, type);
  if (row.kind === "upstream_auth") return decode(401, new Headers(), "");
  const text = typeof error === "string" ? error : "The upstream reported an error.";
  return new GatewayError({ ...fieldsOf(object, row.kind, text), status: row.status ?? status });
}

function statusOf(code: string | undefined, type: string | undefined): number {
  const words = `${code ?? ""} ${type ?? ""}`;
  if (/rate_limit|insufficient_quota|\btokens\b|\brequests\b|slow_down/.test(words)) return 429;
  if (/overloaded|service_unavailable/.test(words)) return 503;
  return /invalid_request/.test(words) ? 400 : 500;
}

function errorObject(body: string): JsonObject | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const error = parsed["error"];
  if (isObject(error)) return error;
  if (typeof error === "string") return { message: error };
  return typeof parsed["message"] === "string" ? parsed : undefined;
}

/** Envelope fields as they came; what is missing is the kind's own. */
function fieldsOf(error: JsonObject | undefined, kind: ErrorKind, fallback: string): ErrorFields {
  const { message, type, code, param, ...extra } = error ?? {};
  const served = kind === "upstream" || (kind === "overloaded" && !error);
  return {
    kind,
    message: typeof message === "string" && message !== "" ? message : fallback,
    code: typeof code === "string" ? code : typeof code === "number" ? String(code) : served ? "upstream_error" : null,
    param: typeof param === "string" ? param : null,
    ...(typeof type === "string" && type !== "" && kind !== "upstream" && { type }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

/** A text without markup is the best message there is; a page of HTML is none. */
function plainText(body: string, status: number): string {
  const text = body.trim();
  const plain = text !== "" && text !== "null" && !/^[<{[]/.test(text);
  return plain ? text.slice(0, 500) : `The upstream answered with status ${status}.`;
}

function askedToRetry(headers: Headers): boolean | undefined {
  const wish = headers.get("x-should-retry");
  return wish === "true" ? true : wish === "false" ? false : undefined;
}

/** `error.type` of each kind (mapping H.2, H.3). */
const types: Record<ErrorKind, string> = {
  invalid_request: "invalid_request_error",
  authentication: "invalid_request_error",
  permission: "invalid_request_error",
  not_found: "invalid_request_error",
  method_not_allowed: "invalid_request_error",
  too_large: "invalid_request_error",
  unsupported_media_type: "invalid_request_error",
  conflict: "invalid_request_error",
  rate_limit: "rate_limit_error",
  quota: "insufficient_quota",
  timeout: "server_error",
  overloaded: "server_error",
  not_configured: "server_error",
  upstream_auth: "server_error",
  upstream: "server_error",
  internal: "server_error",
  cancelled: "server_error",
};

/** All four keys are always there (mapping H.1). */
export function errorBody(error: GatewayError): JsonObject {
  const { message, type, kind, param, code, extra } = error;
  return { error: { ...(extra as JsonObject | undefined), message, type: type ?? types[kind], param, code } };
}

/** OpenAI's errors (mapping H.1, H.2, H.4). */
export const error: Dialect["error"] = {
  decode,
  encode: (thrown, requestId) => ({
    status: thrown.status,
    headers: { "x-request-id": requestId },
    body: errorBody(thrown),
  }),
};
