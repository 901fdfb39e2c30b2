import { expect, test } from "bun:test";
import { type ErrorKind, GatewayError } from "../../../src/core/error.ts";
import { openai } from "../../../src/dialects/openai/index.ts";

const none = new Headers();
const body = (error: object) => JSON.stringify({ error });
const decode = (status: number, text: string, headers = none) => openai.error.decode(status, headers, text);

test.each([
  [
    400,
    { message: "m", type: "invalid_request_error", param: "messages", code: "context_length_exceeded" },
    400,
    "invalid_request",
    false,
  ],
  [403, { message: "m", type: "invalid_request_error", param: null, code: null }, 403, "permission", false],
  [404, { message: "m", type: "invalid_request_error", param: null, code: "model_not_found" }, 404, "not_found", false],
  [408, { message: "m", type: "timeout", param: null, code: null }, 504, "timeout", true],
  [409, { message: "m", type: "conflict", param: null, code: null }, 409, "conflict", true],
  [413, { message: "m", type: "invalid_request_error", param: null, code: null }, 413, "too_large", false],
  [422, { message: "m", type: "invalid_request_error", param: null, code: null }, 422, "invalid_request", false],
  [429, { message: "m", type: "tokens", param: null, code: "rate_limit_exceeded" }, 429, "rate_limit", true],
  [429, { message: "m", type: "insufficient_quota", param: null, code: "insufficient_quota" }, 429, "quota", false],
  [429, { message: "m", type: "billing", param: null, code: "credit_balance_exhausted" }, 429, "quota", false],
  [
    503,
    { message: "m", type: "service_unavailable_error", param: null, code: "server_is_overloaded" },
    503,
    "overloaded",
    true,
  ],
] as const)("mapping H.4: %d %j", (status, error, out, kind, retryable) => {
  const decoded = decode(status, body(error));
  expect(decoded).toMatchObject({ status: out, kind, retryable, upstreamStatus: status });
  expect(openai.error.encode(decoded, "r1")).toEqual({
    status: out,
    headers: { "x-request-id": "r1" },
    body: { error },
  });
});

test.each([
  [500, 500],
  [502, 502],
  [504, 502],
  [520, 502],
])("mapping H.4: %d is %d server_error", (status, out) => {
  const decoded = decode(status, body({ message: "m", type: "weird", code: null, param: null }));
  expect(decoded).toMatchObject({ status: out, retryable: true });
  if (status !== 504) expect(openai.error.encode(decoded, "r").body).toMatchObject({ error: { type: "server_error" } });
});

test("T-63 a refused key is our own trouble, and no part of it is shown", () => {
  const decoded = decode(401, body({ message: "Incorrect API key provided: sk-ab***yz", code: "invalid_api_key" }));
  expect(openai.error.encode(decoded, "r")).toMatchObject({
    status: 502,
    body: {
      error: {
        message: "The upstream refused this server's credentials.",
        type: "server_error",
        param: null,
        code: "upstream_authentication_error",
      },
    },
  });
});

test.each([
  [503, "upstream connect error", "upstream connect error"],
  [503, "<html>down</html>", "The upstream answered with status 503."],
  [400, "", "The upstream answered with status 400."],
  [400, "null", "The upstream answered with status 400."],
  [400, '{"error":"text"}', "text"],
  [400, '{"object":"error","message":"vLLM says no","code":40303}', "vLLM says no"],
])("%d %j has the message %j", (status, text, message) => {
  expect(decode(status, text).message).toBe(message);
});

test("further fields of the error object are kept", () => {
  const error = { message: "m", type: "invalid_request_error", param: null, code: "x", misalignment: { a: 1 } };
  expect(openai.error.encode(decode(400, body(error)), "r").body).toEqual({ error });
});

test("T-59 the upstream's own word on retrying", () => {
  const limited = body({ message: "m", type: "requests", code: "rate_limit_exceeded" });
  const of = (headers: Record<string, string>) => decode(429, limited, new Headers(headers));
  expect(of({})).toMatchObject({ retryable: true, retryAfter: undefined, retryAfterGiven: false });
  expect(of({ "retry-after": "7" })).toMatchObject({ retryAfter: 7, retryAfterGiven: true });
  expect(of({ "retry-after": "7", "retry-after-ms": "250" })).toMatchObject({
    retryAfter: 0.25,
    retryAfterGiven: true,
  });
  const date = { date: "Wed, 25 Nov 2026 04:00:00 GMT", "retry-after": "Wed, 25 Nov 2026 04:00:30 GMT" };
  expect(of(date)).toMatchObject({ retryAfter: 30, retryAfterGiven: true });
  expect(of({ "x-should-retry": "false" })).toMatchObject({ retryable: false });
  expect(decode(400, limited, new Headers({ "x-should-retry": "true", "x-request-id": "req_1" }))).toMatchObject({
    retryable: true,
    upstreamRequestId: "req_1",
  });
});

test.each([
  ["authentication", 401, "invalid_request_error"],
  ["invalid_request", 400, "invalid_request_error"],
  ["not_found", 404, "invalid_request_error"],
  ["too_large", 413, "invalid_request_error"],
  ["rate_limit", 429, "rate_limit_error"],
  ["quota", 429, "insufficient_quota"],
  ["timeout", 504, "server_error"],
  ["overloaded", 503, "server_error"],
  ["not_configured", 503, "server_error"],
  ["upstream", 502, "server_error"],
  ["internal", 500, "server_error"],
] satisfies [ErrorKind, number, string][])(
  "mapping H.2: %s is %d %s, all four keys are there",
  (kind, status, type) => {
    expect(openai.error.encode(new GatewayError({ kind, message: "m" }), "r")).toMatchObject({
      status,
      body: { error: { message: "m", type, param: null, code: null } },
    });
  },
);
