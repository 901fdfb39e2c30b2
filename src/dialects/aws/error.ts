import { GatewayError } from "../../core/error.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { nameOfStatus, notJson, rows, unknownName, type Verdict } from "./error-rows.ts";
import { plainText, publicMessage } from "./message.ts";
import { retryAfterOf } from "./retry-after.ts";

/**
 * Any non-2xx answer of Bedrock as a GatewayError (mapping H.3). `body` is the raw text. Never throws: what is missing
 * (name, message, JSON) is made up for from what is there.
 */
export function decodeAwsError(status: number, headers: Headers, body: string): GatewayError {
  const parsed = parse(body);
  const retryAfter = retryAfterOf(headers);
  const header = baseName(headers.get("x-amzn-errortype"));
  if (parsed === undefined && !header) {
    const text = plainText(body) || `The upstream answered with status ${status} and no message.`;
    return make(notJson(status), text, undefined, status, retryAfter);
  }
  const name = header ?? baseName(parsed?.["__type"]) ?? baseName(parsed?.["code"]) ?? nameOfStatus[status];
  const text = textOf(parsed) ?? (parsed === undefined ? plainText(body) : "");
  return judge(name, text, status, parsed, retryAfter);
}

/**
 * An exception in the middle of a stream (mapping C.7 row 16, C.7.1). `exception` is its `:exception-type` or
 * `:error-code`, `data` the payload: JSON, or the message itself.
 */
export function decodeAwsException(exception: string, data: string): GatewayError {
  const parsed = parse(data);
  const name = exception.charAt(0).toUpperCase() + exception.slice(1);
  return judge(name, textOf(parsed) ?? (parsed === undefined ? plainText(data) : ""), undefined, parsed, undefined);
}

function judge(
  name: string | undefined,
  text: string,
  status: number | undefined,
  body: JsonObject | undefined,
  retryAfter: number | undefined,
): GatewayError {
  const straight = text.replaceAll("\u2019", "'");
  const origin = body?.["originalStatusCode"];
  const row = rows.find(
    (candidate) =>
      (!candidate.names || (name !== undefined && candidate.names.includes(name))) &&
      (!candidate.message || candidate.message.test(straight)) &&
      (!candidate.origin || (typeof origin === "number" && candidate.origin.includes(origin))),
  );
  return make(row?.verdict ?? unknownName(status ?? 500), text, name, status, retryAfter);
}

function make(
  verdict: Verdict,
  text: string,
  name: string | undefined,
  status: number | undefined,
  retryAfter: number | undefined,
): GatewayError {
  const { hint, say, name: renamed, ...fields } = verdict;
  const message = say || publicMessage(text) || name || `The upstream answered with status ${status}.`;
  const upstreamName = renamed ?? name;
  return new GatewayError({
    ...fields,
    message: message + (hint?.(text) ?? ""),
    ...(upstreamName !== undefined && { upstreamName }),
    ...(status !== undefined && { upstreamStatus: status }),
    ...(retryAfter !== undefined && fields.retryable && { retryAfter, retryAfterGiven: true }),
  });
}

/** Empty text and `null` are legal answers without a message; undefined is text that is no JSON object. */
function parse(text: string): JsonObject | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : value === null ? {} : undefined;
  } catch {
    return undefined;
  }
}

/** `Message` with a capital and `originalMessage` were recorded. */
function textOf(body: JsonObject | undefined): string | undefined {
  for (const key of ["message", "Message", "errorMessage", "originalMessage"]) {
    const value = body?.[key];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return undefined;
}

/** `com.amazon.coral.service#ValidationException:http://…` → `ValidationException` (trap T-63). */
function baseName(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const name = value.split(":")[0]?.split("#").at(-1)?.trim();
  return name || undefined;
}
