import { describe, expect, test } from "bun:test";
import { decodeAwsError, decodeAwsException } from "../../../src/dialects/aws/error.ts";

type Want = {
  status: number;
  code: string;
  kind?: string;
  param?: string;
  retryable?: boolean;
  retryLimit?: number;
  retryAfter?: number;
  type?: string;
};
/** `[status upstream, exception, message, what the caller sees]`, the rows of mapping H.3. */
const table: [number, string, string, Want][] = [
  [400, "ValidationException", "something is wrong", { status: 400, code: "invalid_request" }],
  [
    400,
    "ValidationException",
    "The provided model identifier is invalid.",
    { status: 404, code: "model_not_found", param: "model" },
  ],
  [
    400,
    "ValidationException",
    "This model doesn't support tool use in streaming mode.",
    { status: 400, code: "unsupported_value" },
  ],
  [
    400,
    "ValidationException",
    "The maximum tokens you requested exceeds the model limit of 4096",
    { status: 400, code: "invalid_value", param: "max_tokens" },
  ],
  [
    400,
    "ValidationException",
    "The guardrail identifier or version provided in the request does not exist.",
    { status: 400, code: "invalid_guardrail" },
  ],
  [
    400,
    "ValidationException",
    "This model version has reached the end of its life.",
    { status: 404, code: "model_not_found", param: "model" },
  ],
  [
    404,
    "ResourceNotFoundException",
    "Access denied. This Model is marked by provider as Legacy",
    { status: 404, code: "model_not_found" },
  ],
  [
    404,
    "ResourceNotFoundException",
    "Model use case details have not been submitted for this account.",
    { status: 403, code: "model_access_denied", kind: "permission" },
  ],
  [
    404,
    "ResourceNotFoundException",
    "Could not resolve the foundation model",
    { status: 404, code: "model_not_found", param: "model" },
  ],
  [
    429,
    "ThrottlingException",
    "Too many requests, please wait before trying again.",
    { status: 429, code: "rate_limit_exceeded", retryable: true, retryAfter: 1 },
  ],
  [
    429,
    "ThrottlingException",
    "Too many tokens, please wait before trying again.",
    { status: 429, code: "rate_limit_exceeded", retryable: true, retryAfter: 10, type: "tokens" },
  ],
  [
    429,
    "ThrottlingException",
    "Too many tokens per day, please wait before trying again.",
    { status: 429, code: "insufficient_quota", type: "insufficient_quota" },
  ],
  [400, "ServiceQuotaExceededException", "quota", { status: 429, code: "insufficient_quota", kind: "quota" }],
  [
    429,
    "ModelNotReadyException",
    "warming up",
    { status: 503, code: "model_not_ready", retryable: true, retryAfter: 10 },
  ],
  [
    503,
    "ServiceUnavailableException",
    "busy",
    { status: 503, code: "service_unavailable", retryable: true, retryAfter: 2 },
  ],
  [500, "InternalServerException", "oops", { status: 500, code: "upstream_error", retryable: true }],
  [500, "InternalFailure", "oops", { status: 500, code: "upstream_error", retryable: true }],
  [502, "SomethingNew", "oops", { status: 500, code: "upstream_error", retryable: true }],
  [408, "ModelTimeoutException", "slow", { status: 504, code: "model_timeout", retryable: true, retryLimit: 1 }],
  [424, "ModelErrorException", "bad", { status: 502, code: "model_error", retryable: true, retryLimit: 1 }],
  [
    424,
    "ModelStreamErrorException",
    "bad",
    { status: 502, code: "model_stream_error", retryable: true, retryLimit: 1 },
  ],
  [
    403,
    "AccessDeniedException",
    "You don't have access to the model with the specified model ID.",
    { status: 403, code: "model_access_denied", param: "model" },
  ],
  [
    403,
    "AccessDeniedException",
    "MPAgreementBeingCreated: try again",
    { status: 403, code: "model_access_denied", retryable: true, retryAfter: 15 },
  ],
  [
    403,
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
    { status: 502, code: "upstream_authentication_error", kind: "upstream_auth" },
  ],
  [
    403,
    "ExpiredTokenException",
    "The security token included in the request is expired",
    { status: 502, code: "upstream_authentication_error" },
  ],
  [403, "InvalidSignatureException", "Signature expired", { status: 502, code: "upstream_authentication_error" }],
  [
    403,
    "AccessDeniedException",
    "Authentication failed: Please make sure your API Key is valid.",
    { status: 502, code: "upstream_authentication_error" },
  ],
  [409, "ConflictException", "conflict", { status: 400, code: "upstream_rejected", kind: "invalid_request" }],
  [429, "TeapotException", "later", { status: 429, code: "upstream_rejected", retryable: true }],
  [401, "TeapotException", "who", { status: 502, code: "upstream_authentication_error" }],
];

describe("Bedrock's exceptions are the table of mapping H.3", () => {
  test.each(table)("T-58 T-63 %d %s: %s", (status, name, message, want) => {
    const headers = new Headers({ "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/` });
    const error = decodeAwsError(status, headers, JSON.stringify({ message }));
    expect(error).toMatchObject({ retryable: false, ...want });
    expect(error.message).toStartWith(message);
    expect(error.upstreamStatus).toBe(status);
  });

  test.each([
    "Input is too long for requested model.",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 199999 + 4096 > 200000",
    "too many total text bytes: 9999999 > 9000000",
    "prompt tokens (140000) exceed model maximum",
    "Too many input tokens. Max input tokens: 8192",
    "This model's maximum context length is 8192 tokens.",
    "The request is longer than the model's context length",
  ])("T-61 one wording of too much context: %s", (message) => {
    const error = decodeAwsError(400, named("ValidationException"), JSON.stringify({ message }));
    expect(error).toMatchObject({ status: 400, code: "context_length_exceeded", param: "messages" });
  });

  test("no tools at all is said in our own words (mapping B.12)", () => {
    const body = JSON.stringify({ message: "This model doesn't support tool use." });
    expect(decodeAwsError(400, named("ValidationException"), body)).toMatchObject({
      status: 400,
      code: "unsupported_parameter",
      param: "tools",
      message: "This model does not support tools.",
    });
  });

  test("on-demand throughput comes with the remedy and the model's name, curly apostrophe or not", () => {
    const message =
      "Invocation of model ID anthropic.claude-x-v1:0 with on-demand throughput isn\u2019t supported. Retry your request with an inference profile.";
    const error = decodeAwsError(400, named("ValidationException"), JSON.stringify({ message }));
    expect(error).toMatchObject({ status: 400, code: "inference_profile_required", param: "model" });
    expect(error.message).toEndWith(
      " Use an inference profile id such as 'us.anthropic.claude-x-v1:0' or 'global.anthropic.claude-x-v1:0'.",
    );
  });

  test.each([
    [400, 400],
    [422, 400],
    [404, 404],
    [413, 413],
    [403, 502],
    [500, 502],
  ])("ModelErrorException with originalStatusCode %d is %d", (origin, status) => {
    const body = JSON.stringify({ message: "m", originalStatusCode: origin });
    const error = decodeAwsError(424, named("ModelErrorException"), body);
    expect(error).toMatchObject({ status, code: "model_error", retryable: status === 502 });
  });
});

describe("recorded oddities", () => {
  const none = new Headers();
  test("the name only in the body", () => {
    const body = JSON.stringify({ __type: "com.amazon.coral.service#UnrecognizedClientException", message: "no" });
    expect(decodeAwsError(400, none, body)).toMatchObject({ status: 502, upstreamName: "UnrecognizedClientException" });
  });
  test("no name at all: status and message judge", () => {
    expect(decodeAwsError(429, none, '{"Message":"Rate exceeded"}')).toMatchObject({
      status: 429,
      message: "Rate exceeded",
      code: "rate_limit_exceeded",
    });
    expect(decodeAwsError(503, none, '{"message":"Service capacity limit has been reached."}').status).toBe(503);
    expect(decodeAwsError(400, none, '{"message":"The provided model identifier is invalid."}').status).toBe(404);
    const token = decodeAwsError(403, none, '{"message":"The security token included in the request is invalid."}');
    expect(token.status).toBe(502);
  });
  test.each([
    [500, 502],
    [503, 503],
    [504, 504],
    [429, 429],
    [404, 502],
  ])("HTML with status %d is %d, its words are the message", (status, out) => {
    const error = decodeAwsError(status, none, "<html><head><title>Bad Gateway</title></head><body>x</body></html>");
    expect(error).toMatchObject({ status: out, message: "Bad Gateway", code: "upstream_error" });
  });
  test.each(["", "null", "{}", "   "])("a body of %j still has a message", (body) => {
    const error = decodeAwsError(500, none, body);
    expect(error.status).toBe(500);
    expect(error.message).toBe("InternalServerException");
    expect(decodeAwsError(418, none, body).message).toBe("The upstream answered with status 418.");
  });
  test("plain text", () => {
    expect(decodeAwsError(502, none, "upstream connect error").message).toBe("upstream connect error");
  });
});

test("messages go out without the phrase in front, account ids and ARNs", () => {
  const message =
    "The model returned the following errors: User: arn:aws:sts::123456789012:assumed-role/x/y is not authorized (account 123456789012)";
  const error = decodeAwsError(400, named("ValidationException"), JSON.stringify({ message }));
  expect(error.message).toBe("User: arn:aws:sts is not authorized (account ************)");
});

describe("Retry-After", () => {
  const body = JSON.stringify({ message: "Too many requests" });
  test.each([
    ["7", 7],
    ["0.2", 1],
    ["99999", 3600],
  ])("T-59 %s is %d and the upstream's own", (value, seconds) => {
    const headers = named("ThrottlingException");
    headers.set("retry-after", value);
    expect(decodeAwsError(429, headers, body)).toMatchObject({ retryAfter: seconds, retryAfterGiven: true });
  });
  test("a date counts from the answer's own date", () => {
    const headers = named("ThrottlingException");
    headers.set("date", "Wed, 25 Nov 2026 04:00:00 GMT");
    headers.set("retry-after", "Wed, 25 Nov 2026 04:00:09 GMT");
    expect(decodeAwsError(429, headers, body).retryAfter).toBe(9);
  });
});

describe("exceptions in the middle of a stream", () => {
  test("T-47 a modelled one", () => {
    const error = decodeAwsException("throttlingException", '{"message":"Too many tokens, please wait."}');
    expect(error).toMatchObject({ status: 429, type: "tokens", message: "Too many tokens, please wait." });
  });
  test("an unknown one, and an error message without JSON", () => {
    expect(decodeAwsException("brandNewException", '{"message":"hm"}')).toMatchObject({ status: 500, message: "hm" });
    expect(decodeAwsException("InternalFailure", "it broke")).toMatchObject({ status: 500, message: "it broke" });
    expect(decodeAwsException("internalServerException", "").message).toBe("InternalServerException");
  });
});

function named(name: string): Headers {
  return new Headers({ "x-amzn-errortype": name });
}
