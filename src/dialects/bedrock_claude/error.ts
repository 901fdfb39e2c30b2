import { GatewayError } from "../../core/error.ts";
import type { Frame } from "../../core/events.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { decodeAwsError } from "../aws/error.ts";
import { publicMessage } from "../aws/message.ts";
import { retryAfterOf } from "../aws/retry-after.ts";
import type { Dialect } from "../dialect.ts";
import { look } from "../look.ts";
import { typeOfKind, verdictOfType } from "./error-types.ts";

/** An Anthropic error object as a GatewayError: `{"type":"error","error":{"type","message"}}` (mapping H.5). */
export function errorOf(body: JsonObject): GatewayError {
  const error = look.object(body, "error");
  const type = look.text(error, "type") ?? "api_error";
  const verdict = (Object.hasOwn(verdictOfType, type) && verdictOfType[type]) || verdictOfType["api_error"];
  return new GatewayError({
    kind: "upstream",
    ...verdict,
    message: publicMessage(look.text(error, "message") ?? "") || type,
    upstreamName: type,
  });
}

/** Claude on Bedrock answers with AWS's exceptions; Anthropic's own shape is read too. */
export function decodeError(status: number, headers: Headers, body: string): GatewayError {
  const parsed = anthropicShape(body);
  if (!parsed) return decodeAwsError(status, headers, body);
  const error = errorOf(parsed).with({ upstreamStatus: status });
  const retryAfter = retryAfterOf(headers);
  return retryAfter !== undefined && error.retryable ? error.with({ retryAfter, retryAfterGiven: true }) : error;
}

function anthropicShape(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && value["type"] === "error" && isObject(value["error"]) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Anthropic's envelope (mapping H.1). */
export const encodeError: Dialect["error"]["encode"] = (error, requestId) => {
  const id = requestId.startsWith("req_") ? requestId : `req_${requestId}`;
  return { status: error.status, headers: { "request-id": id }, body: { ...errorBody(error), request_id: id } };
};

/** The one event that ends a stream which failed (mapping D.5). */
export function errorFrame(error: GatewayError): Frame {
  return { event: "error", data: JSON.stringify(errorBody(error)) };
}

function errorBody(error: GatewayError): JsonObject {
  return { type: "error", error: { type: typeOfKind[error.kind], message: error.message } };
}
