/** What an upstream can do wrong, and what the caller must then see: never a normal end, never a lie about the status. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { converse, converseMessages, converseStream, awsError, streamHead } from "../fakes/converse.ts";
import { chunk, errorMessage, event, exception } from "../fakes/event-stream.ts";
import { claudeTextEvents } from "../fakes/invoke.ts";
import { json, lying, pieces, whole } from "../fakes/http.ts";
import { completion, data, delta, openai, openaiError, sseHead, textEvents } from "../fakes/openai.ts";
import type { Exchange, Script, Step } from "../fakes/wire.ts";
import { claudePayloads, jsonOf } from "../traffic/caller-answer.ts";
import { readClaudeEvents } from "../traffic/read-claude.ts";
import { readOpenAIStream } from "../traffic/read-openai.ts";
import type { Reading } from "../traffic/reading.ts";
import { at } from "../traffic/recordings.ts";
import { sseEvents } from "../traffic/sse.ts";
import { openStage, type Reply, type Stage } from "../traffic/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

const messages = [{ role: "user", content: "Hi" }];
const onBedrock = { model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", messages };
const onOpenAI = { model: "gpt-4o", messages };
const hello = converseMessages({ content: [{ text: "hello there" }] });

type Request = { model: string; messages: unknown; stream?: boolean };

const ask = (request: Request, script: (attempt: number) => Script, headers?: Record<string, string>) =>
  stage.ask(JSON.stringify(request), "", (_exchange, attempt) => script(attempt), { ...(headers && { headers }) });

const streamed = (request: Request): Request => ({ ...request, stream: true });
const readStream = (reply: Reply): Reading => readOpenAIStream(sseEvents(reply.bytes));
const codeOf = (reply: Reply): string | undefined => at.text(at.object(jsonOf(reply.bytes), "error"), "code");

/** A streamed answer without its last step, the end. */
const begun = (steps: Iterable<Step>): Step[] => Array.from(steps).slice(0, -1);

function expectBrokenStream(reply: Reply, code?: string): Reading {
  expect(reply.status).toBe(200);
  const told = readStream(reply);
  expect(told.ended).toBe(false);
  expect(told.finish).toBeNull();
  expect(told.faults).toEqual([]);
  expect(told.error?.message).toBeTruthy();
  if (code !== undefined) expect(told.error?.code).toBe(code);
  return told;
}

describe("an event stream that is not sound", () => {
  const spoiled = (index: number, spoil: (bytes: Buffer) => void): Uint8Array[] =>
    hello.map((bytes, n) => {
      if (n !== index) return bytes;
      const copy = Buffer.from(bytes);
      spoil(copy);
      return copy;
    });
  const faults: [string, (bytes: Buffer) => void][] = [
    [
      "a wrong byte in the payload",
      (bytes) => bytes.writeUInt8(bytes.readUInt8(bytes.length - 8) ^ 1, bytes.length - 8),
    ],
    ["a wrong byte in the prelude", (bytes) => bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9)],
    ["a length of 2 GB", (bytes) => bytes.writeUInt32BE(0x7fffffff, 0)],
    ["a header length beyond the message", (bytes) => bytes.writeUInt32BE(0xffff, 4)],
  ];
  test.each(faults)("%s in the middle is one error event, and no [DONE]", async (_name, spoil) => {
    const { reply } = await ask(streamed(onBedrock), () => pieces(streamHead, spoiled(3, spoil)));
    const told = expectBrokenStream(reply);
    expect("hello there".startsWith(told.text)).toBe(true);
  });
  test.each(faults)("%s at the very start is an HTTP error", async (_name, spoil) => {
    const { reply } = await ask(streamed(onBedrock), () => pieces(streamHead, spoiled(0, spoil)));
    expect(reply.status).toBe(502);
  });
});

describe("T-47 an exception in mid-stream", () => {
  test.each([
    ["throttlingException", { message: "Too many requests" }, "rate_limit_exceeded"],
    ["validationException", { message: "Something is not valid" }, "invalid_request"],
    ["modelStreamErrorException", { message: "The model broke" }, "model_stream_error"],
    ["internalServerException", { message: "Oh" }, "upstream_error"],
    ["serviceUnavailableException", { message: "Later" }, "service_unavailable"],
  ])("%s", async (type, payload, code) => {
    const { reply } = await ask(streamed(onBedrock), () =>
      pieces(streamHead, [...hello.slice(0, 4), exception(type, payload)]),
    );
    const told = expectBrokenStream(reply, code);
    expect(told.error?.message).toContain(payload.message);
    expect(told.text).not.toBe("");
  });

  test("an unmodelled error message", async () => {
    const script = (): Script => pieces(streamHead, [...hello.slice(0, 4), errorMessage("InternalError", "It broke.")]);
    expectBrokenStream((await ask(streamed(onBedrock), script)).reply);
  });

  test("as the first message is an HTTP error that is retried when it may pass", async () => {
    const { reply, upstream } = await ask(streamed(onBedrock), (attempt) =>
      attempt === 1
        ? pieces(streamHead, [exception("throttlingException", { message: "Too many requests" })])
        : converseStream({ content: [{ text: "ok" }] }),
    );
    expect(upstream).toHaveLength(2);
    expect(readStream(reply).text).toBe("ok");
    expect(reply.headers.get("x-amazon-chat-attempts")).toBe("2");
  });

  test("of a Claude stream that is handed on as it is: an error event, no message_stop", async () => {
    const begin = claudeTextEvents(["he", "llo"]).slice(0, 4).map(chunk);
    const script = (): Script =>
      pieces(streamHead, [...begin, exception("modelStreamErrorException", { message: "It broke." })]);
    const body = { anthropic_version: "bedrock-2023-05-31", max_tokens: 9, ...streamed(onBedrock) };
    const { reply } = await stage.ask(JSON.stringify(body), "?target_format=bedrock_claude", script);
    const told = readClaudeEvents(claudePayloads(sseEvents(reply.bytes)));
    expect([told.text, told.ended, told.faults]).toEqual(["hello", false, []]);
    expect(told.error).toMatchObject({ type: "api_error", message: "It broke." });
  });

  test("an OpenAI error event passes on, and a [DONE] behind it does not", async () => {
    const broken = [
      data(delta({ role: "assistant", content: "he" })),
      data({ error: { message: "It broke.", type: "server_error", param: null, code: null } }),
      data("[DONE]"),
    ];
    const { reply } = await ask(streamed(onOpenAI), () => pieces(sseHead, broken));
    const told = expectBrokenStream(reply);
    expect(told.text).toBe("he");
  });
});

describe("a success status over something that is no answer is 502 upstream_error", () => {
  const html = "<html><body>It works!</body></html>";
  const bodies: [string, Script][] = [
    ["HTML", whole({ headers: { "content-type": "text/html" } }, html)],
    ["HTML that says it is JSON", whole({ headers: { "content-type": "application/json" } }, html)],
    ["an error object", json({ error: { message: "no", type: "server_error", param: null, code: null } })],
    ["an empty body", whole({ headers: { "content-type": "application/json" } }, "")],
    ["half a JSON text", whole({ headers: { "content-type": "application/json" } }, '{"choices":[{"index":0,"mess')],
    ["null", json(null)],
    ["204", whole({ status: 204 }, "")],
    ["a redirect", whole({ status: 302, headers: { location: "http://127.0.0.1:1/" } }, "")],
  ];
  test.each(bodies)("OpenAI: %s", async (_name, script) => {
    const { reply } = await ask(onOpenAI, () => script);
    expect([reply.status, codeOf(reply)]).toEqual([502, "upstream_error"]);
  });
  test.each(bodies)("Converse: %s", async (_name, script) => {
    const { reply } = await ask(onBedrock, () => script);
    expect([reply.status, codeOf(reply)]).toEqual([502, "upstream_error"]);
  });
  test.each(bodies)("OpenAI, streamed: %s", async (_name, script) => {
    const { reply } = await ask(streamed(onOpenAI), () => script);
    expect([reply.status, codeOf(reply)]).toEqual([502, "upstream_error"]);
  });
  test.each(bodies)("ConverseStream: %s", async (_name, script) => {
    const { reply } = await ask(streamed(onBedrock), () => script);
    expect([reply.status, codeOf(reply)]).toEqual([502, "upstream_error"]);
  });
  test("a body shorter than its content-length", async () => {
    const { reply } = await ask(onBedrock, () =>
      lying({ headers: { "content-type": "application/json" } }, '{"output":', 500),
    );
    expect(reply.status).toBe(502);
  });
});

describe("a connection that fails", () => {
  const reset: Script = [{ then: "reset" }];
  test("before the answer is tried again", async () => {
    const { reply, upstream } = await ask(onOpenAI, (attempt) =>
      attempt < 3 ? reset : openai({ message: { content: "ok" } }),
    );
    expect(reply.status).toBe(200);
    expect(upstream).toHaveLength(3);
    expect(reply.headers.get("x-amazon-chat-attempts")).toBe("3");
  });
  test("three times is 502 upstream_connection_error, and no fourth attempt", async () => {
    const { reply, upstream } = await ask(onBedrock, () => reset);
    expect([reply.status, codeOf(reply)]).toEqual([502, "upstream_connection_error"]);
    expect(upstream).toHaveLength(3);
  });
  test("while it is kept alive does not reach the caller", async () => {
    for (let n = 0; n < 3; n += 1) {
      const script = (): Script => [...json(completion({ message: { content: "ok" } })), { then: "end" }];
      expect((await ask(onOpenAI, script)).reply.status).toBe(200);
    }
  });
  test.each(["end", "reset"] as const)("in the middle of a stream (%s) is one error event", async (manner) => {
    const { promise: read, resolve: onBytes } = Promise.withResolvers<void>();
    const script = function* (): Generator<Step> {
      yield* begun(pieces(sseHead, textEvents(["a", "b"]).slice(0, 2)));
      yield { until: read };
      yield { then: manner };
    };
    const { reply } = await stage.ask(JSON.stringify(streamed(onOpenAI)), "", script, { onBytes });
    expect(["", "a"]).toContain(expectBrokenStream(reply).text);
  });
});

describe("time", () => {
  test("an upstream that never answers ends at the caller's deadline with 504", async () => {
    const { reply } = await ask(onBedrock, () => [{ then: "stall" }], { "x-request-timeout-ms": "300" });
    expect([reply.status, codeOf(reply)]).toEqual([504, "timeout"]);
  });
  test("an upstream that falls silent in mid-stream ends at the caller's deadline with one error event", async () => {
    const script = function* (): Generator<Step> {
      yield* begun(pieces(streamHead, hello.slice(0, 3)));
      yield { then: "stall" };
    };
    expectBrokenStream((await ask(streamed(onBedrock), script, { "x-request-timeout-ms": "400" })).reply);
  });
  test("T-54 a caller that leaves takes the upstream call along, within a second", async () => {
    const { promise: open, resolve: opened } = Promise.withResolvers<Exchange>();
    const caller = new AbortController();
    const script = function* (exchange: Exchange): Generator<Step> {
      yield* begun(pieces(streamHead, hello.slice(0, 2)));
      opened(exchange);
      yield { then: "stall" };
    };
    const asked = stage
      .ask(JSON.stringify(streamed(onBedrock)), "", script, { signal: caller.signal })
      .catch(() => undefined);
    const exchange = await open;
    caller.abort();
    const left = performance.now();
    await exchange.closed;
    expect(performance.now() - left).toBeLessThan(1000);
    await asked;
  });
});

describe("retries", () => {
  test("T-58 a throttled call is tried again before the first byte, and says how often", async () => {
    const { reply, upstream } = await ask(onBedrock, (attempt) =>
      attempt < 3 ? awsError(429, "ThrottlingException", "Too many requests") : converse({ content: [{ text: "ok" }] }),
    );
    expect(reply.status).toBe(200);
    expect(upstream).toHaveLength(3);
    expect(reply.headers.get("x-amazon-chat-attempts")).toBe("3");
  });
  test("what is the caller's fault is not tried again", async () => {
    const { reply, upstream } = await ask(onBedrock, () =>
      awsError(400, "ValidationException", "Malformed input request."),
    );
    expect(reply.status).toBe(400);
    expect(upstream).toHaveLength(1);
  });
  test("an empty purse is not tried again, and says so to the caller's client", async () => {
    const quota = {
      message: "You exceeded your current quota.",
      type: "insufficient_quota",
      code: "insufficient_quota",
    };
    const { reply, upstream } = await ask(onOpenAI, () => openaiError(429, quota));
    expect([reply.status, codeOf(reply)]).toEqual([429, "insufficient_quota"]);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    expect(upstream).toHaveLength(1);
  });
  test("events of a stream are not lost to the reading of its beginning", async () => {
    const { reply } = await ask(streamed(onBedrock), () =>
      pieces(streamHead, [event("messageStart", { role: "assistant" }), ...hello.slice(1)]),
    );
    expect(readStream(reply).text).toBe("hello there");
    expect(readStream(reply).ended).toBe(true);
  });
});
