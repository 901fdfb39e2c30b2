/** Mapping H, read for the recorded errors: the status and words a caller gets, without the project's code. */
import type { Output } from "./expectation.ts";
import { at, isObject, type Json, type Recording } from "./recordings.ts";

export type ExpectedError = {
  status: number;
  /** OpenAI's type and code; undefined = not judged. */
  type?: string;
  code?: string | null;
  claude: string;
  titan?: string;
  /** A piece of the message that the caller must find. */
  says?: string;
};

const invalid = {
  type: "invalid_request_error",
  claude: "invalid_request_error",
  titan: "ValidationException",
} as const;
const missing = {
  status: 404,
  type: "invalid_request_error",
  code: "model_not_found",
  claude: "not_found_error",
  titan: "ResourceNotFoundException",
} as const;
const ourCredentials = {
  status: 502,
  type: "server_error",
  code: "upstream_authentication_error",
  claude: "api_error",
} as const;

type Row = { name?: RegExp; says?: RegExp; status?: number; out: ExpectedError; keepsMessage: boolean };

/** First match wins; H.3 in the order that matters. */
const rows: Row[] = [
  { name: /^(UnrecognizedClient|InvalidSignature|ExpiredToken)/, out: ourCredentials, keepsMessage: false },
  { says: /security token.*(invalid|expired)|Signature expired/, out: ourCredentials, keepsMessage: false },
  { says: /model identifier is invalid/, out: missing, keepsMessage: true },
  { says: /end of its life/, out: missing, keepsMessage: true },
  {
    says: /on-demand throughput isn.t supported/,
    out: { status: 400, ...invalid, code: "inference_profile_required" },
    keepsMessage: true,
  },
  {
    says: /doesn't support tool use/,
    out: { status: 400, ...invalid, says: "does not support tools" },
    keepsMessage: false,
  },
  { says: /doesn't support/, out: { status: 400, ...invalid, code: "unsupported_value" }, keepsMessage: true },
  {
    says: /don't have access to the model/,
    out: {
      status: 403,
      type: "invalid_request_error",
      code: "model_access_denied",
      claude: "permission_error",
      titan: "AccessDeniedException",
    },
    keepsMessage: true,
  },
  {
    status: 429,
    out: {
      status: 429,
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
      claude: "rate_limit_error",
      titan: "ThrottlingException",
    },
    keepsMessage: true,
  },
  {
    status: 503,
    out: {
      status: 503,
      type: "server_error",
      code: "service_unavailable",
      claude: "overloaded_error",
      titan: "ServiceUnavailableException",
    },
    keepsMessage: true,
  },
  {
    status: 529,
    out: { status: 503, claude: "overloaded_error", titan: "ServiceUnavailableException" },
    keepsMessage: false,
  },
  {
    status: 500,
    out: {
      status: 500,
      type: "server_error",
      code: "upstream_error",
      claude: "api_error",
      titan: "InternalServerException",
    },
    keepsMessage: true,
  },
  { status: 400, out: { status: 400, ...invalid, code: "invalid_request" }, keepsMessage: true },
];

/** The caller's error for a recorded error of Bedrock. */
export function bedrockError(status: number, name: string, message: string): ExpectedError {
  const row = rows.find(
    (r) =>
      (r.name ? r.name.test(name) : true) && (r.says ? r.says.test(message) : true) && (r.status ?? status) === status,
  );
  if (!row) throw new Error(`no row for ${status} ${name}: ${message}`);
  return row.keepsMessage ? { ...row.out, says: stripped(message) } : row.out;
}

function stripped(message: string): string {
  return message.replace(/^The model returned the following errors: /, "");
}

/** The caller's error for a recorded error of OpenAI: mapping H.4. */
export function openaiError(status: number, body: Json): ExpectedError {
  const error = at.object(body, "error");
  if (status === 401) return ourCredentials;
  if (!error) return { status, claude: status === 503 ? "overloaded_error" : "api_error" };
  const code = at.text(error, "code") ?? null;
  const quota = code === "insufficient_quota";
  const claude: Record<number, string> = { 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error" };
  const titan: Record<number, string> = {
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    429: "ThrottlingException",
  };
  return {
    status,
    type: at.text(error, "type") ?? "invalid_request_error",
    code,
    claude: claude[status] ?? "invalid_request_error",
    titan: quota ? "ServiceQuotaExceededException" : (titan[status] ?? "ValidationException"),
    says: at.text(error, "message") ?? "",
  };
}

/** What of the error is wrong in the caller's answer. */
export function errorDifferences(expected: ExpectedError, output: Output, status: number, body: Json): string[] {
  const out: string[] = [];
  const check = (what: string, want: unknown, have: unknown): void => {
    if (want !== have) out.push(`${what}: expected ${JSON.stringify(want)}, got ${JSON.stringify(have)}`);
  };
  check("status", expected.status, status);
  const error = output === "bedrock_titan" ? (isObject(body) ? body : undefined) : at.object(body, "error");
  if (!error) return [...out, `no error object in ${JSON.stringify(body).slice(0, 120)}`];
  const message = at.text(error, "message") ?? "";
  if (message === "") out.push("message: empty");
  else if (expected.says && !message.includes(expected.says))
    out.push(`message: expected ${expected.says}, got ${message}`);
  if (output === "openai") {
    for (const key of ["type", "code", "param", "message"]) if (!(key in error)) out.push(`no key ${key}`);
    if (expected.type !== undefined) check("type", expected.type, error["type"]);
    if (expected.code !== undefined) check("code", expected.code, error["code"]);
  } else if (output === "bedrock_claude") {
    check("envelope", "error", at.text(body, "type"));
    check("type", expected.claude, error["type"]);
  } else if (expected.titan !== undefined) check("__type", expected.titan, error["__type"]);
  return out;
}

/** The recorded error's exception name: from the header, or the body. */
export function exceptionName(recording: Recording, body: Json): string {
  const header = recording.response.headers["x-amzn-errortype"] ?? at.text(body, "__type") ?? "";
  return header.split(":")[0]?.split("#").pop() ?? "";
}
