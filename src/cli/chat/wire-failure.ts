import { isObject, type JsonObject } from "../../core/json.ts";
import { CliError, exits } from "../failure.ts";

/** Exit codes of OpenAI's `error.code`, before the status is looked at (cli.md 3.5). */
const exitOfCode: Readonly<Record<string, number>> = {
  provider_not_configured: exits.credentials,
  upstream_authentication_error: exits.credentials,
  invalid_api_key: exits.credentials,
  model_not_found: exits.model,
  model_access_denied: exits.model,
  model_not_ready: exits.model,
  unsupported_model: exits.model,
  region_not_allowed: exits.model,
  content_filter: exits.refused,
  content_policy_violation: exits.refused,
  rate_limit_exceeded: exits.rate,
  insufficient_quota: exits.rate,
  service_unavailable: exits.rate,
};
const exitOfStatus: Readonly<Record<number, number>> = {
  400: exits.usage,
  401: exits.credentials,
  403: exits.credentials,
  404: exits.model,
  413: exits.usage,
  422: exits.usage,
  429: exits.rate,
  503: exits.rate,
  529: exits.rate,
};

const hints: Readonly<Record<number, readonly string[]>> = {
  [exits.credentials]: [
    "Set your keys: amazon-chat config set",
    "Check AWS: amazon-chat config test-aws",
    "Without any key: amazon-chat chat --demo",
  ],
  [exits.model]: ["List models: amazon-chat models"],
};

/** An error answer in OpenAI's shape as a failure with its exit code and the next step. `body` is the raw text. */
export function wireFailure(status: number, headers: Record<string, string>, body: string): CliError {
  return failureOf(errorObject(body), status, headers["retry-after"]);
}

/** The error event in the middle of a stream. */
export function streamFailure(error: unknown): CliError {
  return failureOf(isObject(error) ? error : { message: String(error) }, undefined, undefined);
}

/** The answer ended without its end. */
export function truncated(): CliError {
  return failureOf(
    { message: "The answer ended unexpectedly.", type: "server_error", code: "upstream_stream_truncated" },
    undefined,
    undefined,
  );
}

function failureOf(error: JsonObject, status: number | undefined, retryAfter: string | undefined): CliError {
  const { code, type, message } = fields(error);
  const exit = exitFor(status, code, type);
  const wait = exit === exits.rate && retryAfter !== undefined ? [`Try again in ${retryAfter} s.`] : [];
  const seconds = Number(retryAfter);
  return new CliError({
    exit,
    message: sentence(message ?? `The model's server answered with status ${status ?? "unknown"}.`),
    hint: [...wait, ...(hints[exit] ?? [])],
    wire: {
      type: type ?? "error",
      code: code ?? null,
      status: status ?? null,
      ...(seconds > 0 && { retryAfter: seconds }),
    },
  });
}

/** The exit code of a status and OpenAI's words for the error. */
export function exitFor(status: number | undefined, code: string | undefined, type: string | undefined): number {
  if (code !== undefined && Object.hasOwn(exitOfCode, code)) return exitOfCode[code] ?? exits.failed;
  if (type === "rate_limit_error" || type === "insufficient_quota") return exits.rate;
  return exitOfStatus[status ?? 0] ?? exits.failed;
}

function fields(error: JsonObject): Partial<Record<"code" | "type" | "message", string>> {
  const named: Partial<Record<"code" | "type" | "message", string>> = {};
  for (const key of ["code", "type", "message"] as const) {
    const value = error[key];
    if (typeof value === "string" && value !== "") named[key] = value;
    else if (typeof value === "number") named[key] = String(value);
  }
  return named;
}

function errorObject(body: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isObject(parsed) && isObject(parsed["error"])) return parsed["error"];
  } catch {
    // Said by the status.
  }
  return {};
}

function sentence(text: string): string {
  return /[.!?…)]$/.test(text) ? text : `${text}.`;
}
