import type { ErrorFields, ErrorKind } from "../../core/error.ts";

/** Anthropic's `error.type` for each kind (mapping H.1, H.3, H.5). */
export const typeOfKind: Readonly<Record<ErrorKind, string>> = {
  invalid_request: "invalid_request_error",
  authentication: "authentication_error",
  permission: "permission_error",
  not_found: "not_found_error",
  method_not_allowed: "invalid_request_error",
  too_large: "request_too_large",
  unsupported_media_type: "invalid_request_error",
  rate_limit: "rate_limit_error",
  quota: "rate_limit_error",
  conflict: "api_error",
  timeout: "timeout_error",
  overloaded: "overloaded_error",
  not_configured: "overloaded_error",
  upstream_auth: "api_error",
  upstream: "api_error",
  internal: "api_error",
  cancelled: "api_error",
};

type Verdict = Omit<ErrorFields, "message">;

/** What an Anthropic error means here: a type in an `error` event or in a body of Anthropic's own shape (mapping H.5). */
export const verdictOfType: Readonly<Record<string, Verdict>> = {
  invalid_request_error: { kind: "invalid_request", code: "invalid_request" },
  authentication_error: { kind: "upstream_auth", code: "upstream_authentication_error" },
  billing_error: { kind: "quota", type: "insufficient_quota", code: "insufficient_quota" },
  permission_error: { kind: "permission", code: "model_access_denied" },
  not_found_error: { kind: "not_found", code: "model_not_found", param: "model" },
  request_too_large: { kind: "too_large", code: "request_too_large" },
  rate_limit_error: { kind: "rate_limit", code: "rate_limit_exceeded", retryable: true, retryAfter: 1 },
  timeout_error: { kind: "timeout", code: "model_timeout", retryable: true, retryLimit: 1 },
  overloaded_error: { kind: "overloaded", code: "service_unavailable", retryable: true, retryAfter: 2 },
  api_error: { kind: "upstream", status: 500, code: "upstream_error", retryable: true },
};
