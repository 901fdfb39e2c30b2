/** The line of a request: everything an operator asks about, nothing that a caller wrote or keeps secret. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { requestLog } from "../../src/cli/request-log.ts";
import type { RequestRecord } from "../../src/gateway/record.ts";
import { awsError } from "../fakes/converse.ts";
import { chunk } from "../fakes/event-stream.ts";
import { pieces } from "../fakes/http.ts";
import { claudeTextEvents } from "../fakes/invoke.ts";
import { streamHead } from "../fakes/converse.ts";
import { type Script, startWire, type Wire } from "../fakes/wire.ts";
import { until } from "../processes/worker.ts";
import { awsKeys, type Gateway, startGateway } from "../traffic/gateway.ts";

const record: RequestRecord = {
  requestId: "req_1",
  startedAt: 0,
  requestDialect: "openai",
  upstreamDialect: "bedrock_converse",
  replyDialect: "bedrock_claude",
  edges: "translate/translate",
  model: "us.amazon.nova-lite-v1:0",
  provider: "bedrock",
  region: "us-east-1",
  stream: true,
  status: 200,
  upstreamStatus: 200,
  upstreamRequestId: "aws-1",
  attempts: 2,
  downgrades: ["temperature"],
  usage: { input: 10, output: 20, cacheRead: 3, cacheWrite: 4, reasoning: 5 },
  finish: "stop",
  firstEventMs: 310.128,
  durationMs: 1234.5,
  upstreamMs: 300,
  losses: [{ path: "seed", feature: "seed", action: "dropped" }],
  errorCode: "upstream_stream_truncated",
  errorMessage: "said to nobody",
};

function line(options: { json: boolean; level: "debug" | "info" }, of: RequestRecord = record): string {
  let text = "";
  const time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  requestLog({ ...options, now: () => time, write: (make) => (text += make()) })(of);
  return text;
}

describe("the line of a request", () => {
  test("as JSON has every fact", () => {
    expect(JSON.parse(line({ json: true, level: "info" }))).toEqual({
      time: "2026-01-02T03:04:05.678Z",
      level: "warning",
      request_id: "req_1",
      request: "openai",
      upstream: "bedrock_converse",
      reply: "bedrock_claude",
      edges: "translate/translate",
      model: "us.amazon.nova-lite-v1:0",
      provider: "bedrock",
      region: "us-east-1",
      stream: true,
      status: 200,
      upstream_status: 200,
      upstream_request_id: "aws-1",
      attempts: 2,
      downgrades: ["temperature"],
      tokens: { in: 10, out: 20, cache_read: 3, cache_write: 4, reasoning: 5 },
      first_event_ms: 310.13,
      duration_ms: 1234.5,
      gateway_ms: 10.13,
      losses: 1,
      finish: "stop",
      error: "upstream_stream_truncated",
      error_detail: "said to nobody",
    });
  });

  test("at debug names the losses", () => {
    expect(JSON.parse(line({ json: true, level: "debug" }))).toMatchObject({ losses: "seed" });
  });

  test("for people is one line of the same", () => {
    const text = line({ json: false, level: "debug" }).replace(/^\d\d:\d\d:\d\d/, "TIME");
    expect(text).toBe(
      "TIME  200  us.amazon.nova-lite-v1:0  openai→bedrock_converse→bedrock_claude  bedrock us-east-1 200 aws-1  " +
        "stream  17 in / 20 out  1.23 s  first after 0.31 s  +10.13 ms  2 attempts  stop  " +
        "warning: upstream_stream_truncated  said to nobody  lost seed  req_1\n",
    );
  });

  test("is one line, whatever a caller calls a model", () => {
    const hostile = { ...record, model: "a\nb\x1b[31m\u202e" };
    for (const json of [true, false]) {
      const text = line({ json, level: "info" }, hostile);
      expect(text.indexOf("\n")).toBe(text.length - 1);
      expect(text).not.toContain("\x1b");
    }
  });
});

const canaries = { prompt: "CANARY-PROMPT", key: "CANARY-KEY", said: "CANARY-SAID", url: "CANARY-URL" };

describe.each(["json", "pretty"])("the log of a whole gateway (%s, debug)", (format) => {
  let wire: Wire;
  let gateway: Gateway;
  let script: () => Script = () => [];
  beforeAll(async () => {
    wire = startWire(() => script());
    gateway = await startGateway(wire.url, {
      args: ["--log-level", "debug", "--log-format", format],
      env: { API_KEY: canaries.key },
    });
  });
  afterAll(async () => {
    expect(gateway.log()).not.toMatch(/CANARY/);
    expect(gateway.log()).not.toContain(awsKeys.secret);
    await gateway.stop();
    wire.stop();
  });

  const ask = async (answer: () => Script, more: Record<string, string> = {}): Promise<string> => {
    script = answer;
    const response = await fetch(`${gateway.url}/v1/chat/completions?token=${canaries.url}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${canaries.key}`, ...more },
      body: JSON.stringify({
        model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        anthropic_version: "bedrock-2023-05-31",
        max_tokens: 9,
        stream: true,
        messages: [{ role: "user", content: canaries.prompt }],
      }),
    });
    await response.text();
    const id = response.headers.get("x-request-id") ?? "none";
    await until(
      () => gateway.log().includes(id),
      5_000,
      () => gateway.log(),
    );
    return (
      gateway
        .log()
        .split("\n")
        .find((one) => one.includes(id)) ?? ""
    );
  };

  test("T-55 a stream that broke off has its tokens, and its error", async () => {
    const begun = claudeTextEvents([canaries.said]).slice(0, 3).map(chunk);
    const told = await ask(() => pieces(streamHead, begun));
    if (format === "pretty") {
      expect(told).toMatch(/ 9 in \/ 1 out .* warning: upstream_stream_truncated/);
      return;
    }
    expect(JSON.parse(told)).toMatchObject({
      status: 200,
      upstream_status: 200,
      upstream_request_id: "req-scripted",
      region: "us-east-1",
      tokens: { in: 9, out: 1 },
      error: "upstream_stream_truncated",
    });
  });

  test.each([
    ["that never answers", (): Script => [{ then: "stall" }]],
    ["that breaks off each time", (): Script => [{ then: "reset" }]],
    [
      "that refuses each time",
      (): Script => awsError(429, "ThrottlingException", `Too many requests ${canaries.said}`),
    ],
  ])("time that an upstream took %s is not called ours", async (_name, answer) => {
    const told = await ask(answer, { "x-request-timeout-ms": "700" });
    const ours = Number(/"gateway_ms":([\d.]+)|\+([\d.]+) ms/.exec(told)?.slice(1).find(Boolean));
    const all = Number(/"duration_ms":([\d.]+)/.exec(told)?.[1] ?? "700");
    expect(ours).toBeLessThan(60);
    expect(all).toBeGreaterThan(ours);
  });
});
