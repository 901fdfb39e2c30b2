import type { ErrorFields } from "../../core/error.ts";

/**
 * What a row makes of an exception. `hint` is put behind the message, `say` in its place; `name` replaces the
 * exception's own.
 */
export type Verdict = Omit<ErrorFields, "message"> & {
  hint?: (message: string) => string;
  say?: string;
  name?: string;
};
/** First row that fits wins. Absent conditions fit everything; `origin` is ModelErrorException's `originalStatusCode`. */
export type Row = {
  names?: readonly string[];
  message?: RegExp;
  origin?: readonly number[];
  verdict: Verdict;
};

const validation = ["ValidationException"];
const invalid = { kind: "invalid_request", status: 400 } as const;
const auth = { kind: "upstream_auth", status: 502, code: "upstream_authentication_error" } as const;
const noAccess = { kind: "permission", status: 403, code: "model_access_denied" } as const;
const gone = { kind: "not_found", status: 404, code: "model_not_found", param: "model" } as const;
const quota = { kind: "quota", status: 429, type: "insufficient_quota", code: "insufficient_quota" } as const;

/** Names of exceptions about our own credentials: never the caller's fault (mapping 0.11). */
const credentials = [
  "UnrecognizedClientException",
  "InvalidSignatureException",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "InvalidClientTokenId",
  "ExpiredToken",
  "ExpiredTokenException",
];

/** Eight wordings of one thing have been seen (trap T-61). */
const tooLong =
  /input is too long|input tokens exceed|input length.*exceeds?|input length and .max_tokens. exceed|too many (input )?tokens|too many total text bytes|prompt (is too long|tokens.*exceed)|exceeds? the maximum (context|length|number of tokens)|maximum context length|longer than the model.s context length|context window/i;

/** Bedrock's exceptions, from the caller's point of view (mapping H.3). Messages are matched with straight apostrophes. */
export const rows: readonly Row[] = [
  { names: credentials, verdict: auth },
  {
    names: ["AccessDeniedException", "ValidationException"],
    message:
      /security token .*(invalid|expired)|(bearer token|api key)\b.*\b(in)?valid|(bearer token|api key)\b.*expired/i,
    verdict: { ...auth, name: "UnrecognizedClientException" },
  },

  { message: /end of its life|marked by provider as legacy/i, verdict: gone },
  { message: /FTUFormNotFilled|use case details have not been submitted/i, verdict: noAccess },
  { names: ["FTUFormNotFilled", "FTUFormNotFilledException"], verdict: noAccess },

  { names: validation, message: tooLong, verdict: { ...invalid, code: "context_length_exceeded", param: "messages" } },
  {
    names: validation,
    message: /on-demand throughput isn.t supported/i,
    verdict: {
      ...invalid,
      code: "inference_profile_required",
      param: "model",
      hint(message) {
        const model = /model ID (\S+)/i.exec(message)?.[1] ?? "<model>";
        return ` Use an inference profile id such as 'us.${model}' or 'global.${model}'.`;
      },
    },
  },
  {
    names: validation,
    message: /provided model identifier is invalid|model ID.*not (found|valid|supported)/i,
    verdict: { ...gone, name: "ResourceNotFoundException" },
  },
  {
    names: validation,
    message: /does(n't| not) support tool use(?! in streaming)/i,
    verdict: { ...invalid, code: "unsupported_parameter", param: "tools", say: "This model does not support tools." },
  },
  { names: validation, message: /does(n't| not) support /i, verdict: { ...invalid, code: "unsupported_value" } },
  {
    names: validation,
    message:
      /guardrail (identifier|version) provided in the request|guardrail identifier|version provided in the request/i,
    verdict: { ...invalid, code: "invalid_guardrail" },
  },
  {
    names: validation,
    message: /max_tokens|maximum tokens you requested exceeds/i,
    verdict: { ...invalid, code: "invalid_value", param: "max_tokens" },
  },
  { names: validation, verdict: { ...invalid, code: "invalid_request" } },

  { names: ["ThrottlingException"], message: /too many tokens per day/i, verdict: quota },
  {
    names: ["ThrottlingException"],
    message: /too many tokens/i,
    verdict: { kind: "rate_limit", type: "tokens", code: "rate_limit_exceeded", retryable: true, retryAfter: 10 },
  },
  {
    names: ["ThrottlingException", "TooManyRequestsException"],
    verdict: { kind: "rate_limit", code: "rate_limit_exceeded", retryable: true, retryAfter: 1 },
  },
  { names: ["ServiceQuotaExceededException"], verdict: quota },
  {
    names: ["ModelNotReadyException"],
    verdict: { kind: "overloaded", status: 503, code: "model_not_ready", retryable: true, retryAfter: 10 },
  },
  {
    names: ["ServiceUnavailableException", "ServiceUnavailable"],
    verdict: { kind: "overloaded", status: 503, code: "service_unavailable", retryable: true, retryAfter: 2 },
  },
  {
    names: ["InternalServerException", "InternalFailure", "InternalServerError"],
    verdict: { kind: "upstream", status: 500, code: "upstream_error", retryable: true },
  },
  {
    names: ["ModelTimeoutException"],
    verdict: { kind: "timeout", status: 504, code: "model_timeout", retryable: true, retryLimit: 1 },
  },
  { names: ["ModelErrorException"], origin: [404], verdict: { ...invalid, status: 404, code: "model_error" } },
  { names: ["ModelErrorException"], origin: [413], verdict: { ...invalid, status: 413, code: "model_error" } },
  { names: ["ModelErrorException"], origin: [400, 422], verdict: { ...invalid, code: "model_error" } },
  {
    names: ["ModelErrorException"],
    verdict: { kind: "upstream", code: "model_error", retryable: true, retryLimit: 1 },
  },
  {
    names: ["ModelStreamErrorException"],
    verdict: { kind: "upstream", code: "model_stream_error", retryable: true, retryLimit: 1 },
  },

  { names: ["ResourceNotFoundException"], verdict: gone },
  {
    names: ["AccessDeniedException"],
    message: /MPAgreementBeingCreated/,
    verdict: { ...noAccess, param: "model", retryable: true, retryAfter: 15 },
  },
  { names: ["AccessDeniedException"], verdict: { ...noAccess, param: "model" } },
];

/** The exception that an answer without a name stands for: judged by its status (recorded without `x-amzn-errortype`). */
export const nameOfStatus: Readonly<Record<number, string>> = {
  400: "ValidationException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

/** A name that no row knows. */
export function unknownName(status: number): Verdict {
  if (status === 429) return { kind: "rate_limit", code: "upstream_rejected", retryable: true, retryAfter: 1 };
  if (status === 401) return auth;
  if (status >= 400 && status < 500) return { ...invalid, code: "upstream_rejected" };
  return { kind: "upstream", status: 500, code: "upstream_error", retryable: true };
}

/** A body that is not JSON comes from something in between, a proxy: only the status counts. */
export function notJson(status: number): Verdict {
  const code = "upstream_error";
  if (status === 429) return { kind: "rate_limit", code, retryable: true, retryAfter: 1 };
  if (status === 503) return { kind: "overloaded", status, code, retryable: true, retryAfter: 2 };
  if (status === 504) return { kind: "timeout", status, code, retryable: true };
  return { kind: "upstream", code, retryable: status >= 500 };
}
