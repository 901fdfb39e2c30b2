import type { ErrorKind, GatewayError } from "../../core/error.ts";

/** The exception AWS would have thrown (mapping H.3, column Titan). */
const names: Readonly<Record<ErrorKind, string>> = {
  invalid_request: "ValidationException",
  authentication: "UnrecognizedClientException",
  permission: "AccessDeniedException",
  not_found: "ResourceNotFoundException",
  method_not_allowed: "ValidationException",
  too_large: "ValidationException",
  unsupported_media_type: "ValidationException",
  rate_limit: "ThrottlingException",
  quota: "ServiceQuotaExceededException",
  conflict: "ConflictException",
  timeout: "ModelTimeoutException",
  overloaded: "ServiceUnavailableException",
  not_configured: "ServiceUnavailableException",
  upstream_auth: "UnrecognizedClientException",
  upstream: "InternalServerException",
  internal: "InternalServerException",
  cancelled: "InternalServerException",
};

/** The upstream's own name where it is one of AWS's (and not the runtime's: `ECONNRESET`, `TimeoutError`), else the kind's. */
export function exceptionName(error: GatewayError): string {
  const own = error.upstreamName;
  return own !== undefined && /^[A-Z][a-z]\w*(?<!Error)$/.test(own) ? own : names[error.kind];
}
