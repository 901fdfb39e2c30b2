import { rounded } from "./json.ts";

/**
 * What went wrong, from the caller's point of view. Closed: every dialect's envelope is a table over it.
 * `code` (OpenAI's word) is free text beside it.
 */
export type ErrorKind =
  | "invalid_request"
  | "authentication"
  | "permission"
  | "not_found"
  | "method_not_allowed"
  | "too_large"
  | "unsupported_media_type"
  | "rate_limit"
  | "quota"
  | "conflict"
  | "timeout"
  | "overloaded"
  | "not_configured"
  | "upstream_auth"
  | "upstream"
  | "internal"
  | "cancelled";

export type ErrorFields = {
  kind: ErrorKind;
  message: string;
  /** HTTP status of the answer; the kind's own when absent. */
  status?: number;
  /** OpenAI's `error.code`. */
  code?: string | null;
  /** OpenAI's `error.param`: the path of the field. */
  param?: string | null;
  /** OpenAI's `error.type` when it is not the kind's own (an upstream's `tokens`, `requests`, …). */
  type?: string;
  /** Whether the same request may succeed when sent again (mapping H). Default false. */
  retryable?: boolean;
  /** At most this many retries whatever the policy says: the table's "once". */
  retryLimit?: number;
  /** Seconds until a retry makes sense; goes out as `Retry-After`. */
  retryAfter?: number;
  /** `retryAfter` is the upstream's own word, not the table's default: only then does our own retry wait for it. */
  retryAfterGiven?: boolean;
  /** The upstream's exception name (`ThrottlingException`), for logs and for Titan's `__type`. */
  upstreamName?: string;
  upstreamStatus?: number;
  upstreamRequestId?: string;
  /** Further fields of the upstream's error object that the caller gets too (mapping H.4: `misalignment`). */
  extra?: { [key: string]: unknown };
  cause?: unknown;
};

const statuses: Record<ErrorKind, number> = {
  invalid_request: 400,
  authentication: 401,
  permission: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  rate_limit: 429,
  quota: 429,
  conflict: 409,
  timeout: 504,
  overloaded: 503,
  not_configured: 503,
  upstream_auth: 502,
  upstream: 502,
  internal: 500,
  cancelled: 499,
};

/** The one error class. Its message goes to the caller: no secret, no prompt, no stack in it. */
export class GatewayError extends Error {
  readonly kind: ErrorKind;
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
  readonly type: string | undefined;
  readonly retryable: boolean;
  readonly retryLimit: number | undefined;
  readonly retryAfter: number | undefined;
  readonly retryAfterGiven: boolean;
  readonly upstreamName: string | undefined;
  readonly upstreamStatus: number | undefined;
  readonly upstreamRequestId: string | undefined;
  readonly extra: { [key: string]: unknown } | undefined;

  constructor(fields: ErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "GatewayError";
    this.kind = fields.kind;
    this.status = fields.status ?? statuses[fields.kind];
    this.code = fields.code ?? null;
    this.param = fields.param ?? null;
    this.type = fields.type;
    this.retryable = fields.retryable ?? false;
    this.retryLimit = fields.retryLimit;
    this.retryAfter = fields.retryAfter;
    this.retryAfterGiven = fields.retryAfterGiven ?? false;
    this.upstreamName = fields.upstreamName;
    this.upstreamStatus = fields.upstreamStatus;
    this.upstreamRequestId = fields.upstreamRequestId;
    this.extra = fields.extra;
  }

  /** A copy with some fields replaced (a provider adds the request id, the rim a Retry-After). */
  with(fields: Partial<ErrorFields>): GatewayError {
    const defined: ErrorFields = {
      kind: this.kind,
      message: this.message,
      status: this.status,
      code: this.code,
      param: this.param,
      retryable: this.retryable,
      retryAfterGiven: this.retryAfterGiven,
      ...(this.type !== undefined && { type: this.type }),
      ...(this.retryLimit !== undefined && { retryLimit: this.retryLimit }),
      ...(this.retryAfter !== undefined && { retryAfter: this.retryAfter }),
      ...(this.upstreamName !== undefined && { upstreamName: this.upstreamName }),
      ...(this.upstreamStatus !== undefined && { upstreamStatus: this.upstreamStatus }),
      ...(this.upstreamRequestId !== undefined && { upstreamRequestId: this.upstreamRequestId }),
      ...(this.extra !== undefined && { extra: this.extra }),
      ...(this.cause !== undefined && { cause: this.cause }),
    };
    return new GatewayError({ ...defined, ...fields });
  }

  /** 400 with the field's path. `code` is OpenAI's word for the mistake. */
  static invalid(param: string | null, message: string, code: string | null = "invalid_value"): GatewayError {
    return new GatewayError({ kind: "invalid_request", message, param, code });
  }

  /** 400 of a parameter that the model or provider cannot honour and that must not be dropped. */
  static unsupported(param: string, message: string, code = "unsupported_parameter"): GatewayError {
    return new GatewayError({ kind: "invalid_request", message, param, code });
  }

  /** OpenAI's wording for a wrong JSON type (mapping B.1). */
  static type(param: string, expected: string, got: unknown): GatewayError {
    return GatewayError.invalid(
      param,
      `Invalid type for '${param}': expected ${expected}, but got ${describe(got)} instead.`,
      "invalid_type",
    );
  }

  static missing(param: string): GatewayError {
    return GatewayError.invalid(param, `Missing required parameter: '${param}'.`, "missing_required_parameter");
  }

  /** The upstream stream stopped without its end mark (mapping C.7 row 15). */
  static truncated(cause?: unknown): GatewayError {
    return new GatewayError({
      kind: "upstream",
      message: "The upstream stream ended unexpectedly.",
      code: "upstream_stream_truncated",
      cause,
    });
  }

  /** A success status with something that is no answer (mapping H.4, last paragraph). */
  static noAnswer(message: string, cause?: unknown): GatewayError {
    return new GatewayError({ kind: "upstream", message, code: "upstream_error", retryable: false, cause });
  }

  static internal(cause: unknown): GatewayError {
    return new GatewayError({
      kind: "internal",
      message: "The server had an error while processing your request.",
      code: "internal_error",
      cause,
    });
  }

  /** Any throw as a GatewayError; an unknown one becomes 500 with nothing inside. */
  static from(thrown: unknown): GatewayError {
    return thrown instanceof GatewayError ? thrown : GatewayError.internal(thrown);
  }
}

/** JSON type names as OpenAI's messages write them. */
function describe(given: unknown): string {
  const value = rounded(given);
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "object":
      return "an object";
    case "string":
      return "a string";
    case "boolean":
      return "a boolean";
    case "number":
      return Number.isInteger(value) ? "an integer" : "a decimal number";
    default:
      return typeof value;
  }
}
