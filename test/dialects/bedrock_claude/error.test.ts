import { describe, expect, test } from "bun:test";
import { type ErrorKind, GatewayError } from "../../../src/core/error.ts";
import { bedrockClaude } from "../../../src/dialects/bedrock_claude/index.ts";

const { decode, encode } = bedrockClaude.error;

describe("Anthropic's envelope (mapping H.1, H.5)", () => {
  test.each<[ErrorKind, number, string]>([
    ["invalid_request", 400, "invalid_request_error"],
    ["authentication", 401, "authentication_error"],
    ["permission", 403, "permission_error"],
    ["not_found", 404, "not_found_error"],
    ["too_large", 413, "request_too_large"],
    ["rate_limit", 429, "rate_limit_error"],
    ["quota", 429, "rate_limit_error"],
    ["internal", 500, "api_error"],
    ["upstream", 502, "api_error"],
    ["upstream_auth", 502, "api_error"],
    ["overloaded", 503, "overloaded_error"],
    ["timeout", 504, "timeout_error"],
  ])("%s is %d %s", (kind, status, type) => {
    expect(encode(new GatewayError({ kind, message: "m" }), "abc")).toEqual({
      status,
      headers: { "request-id": "req_abc" },
      body: { type: "error", error: { type, message: "m" }, request_id: "req_abc" },
    });
  });

  test.each([
    [400, "invalid_request_error", 400],
    [401, "authentication_error", 502],
    [403, "permission_error", 403],
    [404, "not_found_error", 404],
    [413, "request_too_large", 413],
    [429, "rate_limit_error", 429],
    [500, "api_error", 500],
    [529, "overloaded_error", 503],
    [500, "invented_error", 500],
    [500, "constructor", 500],
  ])("%d %s is %d", (status, type, out) => {
    const body = JSON.stringify({ type: "error", error: { type, message: "words" } });
    expect(decode(status, new Headers(), body)).toMatchObject({
      status: out,
      message: "words",
      upstreamStatus: status,
    });
  });

  test("AWS's exceptions are read by AWS's table", () => {
    const error = decode(
      429,
      new Headers({ "x-amzn-errortype": "ThrottlingException" }),
      '{"message":"Too many requests"}',
    );
    expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded", upstreamName: "ThrottlingException" });
  });

  test("Retry-After is the upstream's", () => {
    const body = JSON.stringify({ type: "error", error: { type: "rate_limit_error", message: "m" } });
    expect(decode(429, new Headers({ "retry-after": "9" }), body)).toMatchObject({
      retryAfter: 9,
      retryAfterGiven: true,
    });
  });
});
