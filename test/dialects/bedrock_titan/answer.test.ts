import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Memo } from "../../../src/core/loss.ts";
import type { Context } from "../../../src/dialects/dialect.ts";
import { bedrockTitan } from "../../../src/dialects/bedrock_titan/index.ts";

const context: Context = { model: "m", created: 1 };
const { response, stream } = bedrockTitan;

function decodeFrames(frames: readonly Frame[], memo?: Memo): ChatEvent[] {
  const decoder = stream.decoder({ ...context, ...(memo && { memo }) });
  const events: ChatEvent[] = [];
  for (const frame of frames) decoder.push(frame, events);
  decoder.end(events);
  return events;
}

function encodeEvents(events: readonly ChatEvent[]): Frame[] {
  const encoder = stream.encoder(context);
  const frames: Frame[] = [];
  for (const event of events) encoder.push(event, frames);
  encoder.end(frames);
  return frames;
}

const chunk = (fields: JsonObject): Frame => ({ data: JSON.stringify({ index: 0, ...fields }) });

describe("whole answers", () => {
  test("K57: leading newline and label go, the caller's own stop string ends the text", () => {
    const body = {
      inputTextTokenCount: 8,
      results: [{ tokenCount: 6, outputText: "\nBot: ok\n\nmore", completionReason: "FINISH" }],
    };
    expect(response.decode(body, { ...context, memo: { rendered: true, stop: ["\n\n"] } })).toEqual({
      id: "",
      model: "m",
      content: [{ type: "text", text: "ok" }],
      finish: { reason: "stop-sequence", sequence: "\n\n" },
      usage: { input: 8, output: 6 },
    });
  });

  test("K56: the shape for the caller", () => {
    const value = response.encode(
      {
        id: "x",
        model: "m",
        content: [
          { type: "reasoning", text: "hm" },
          { type: "text", text: "No" },
          { type: "refusal", text: "va" },
        ],
        finish: { reason: "length", raw: "max_tokens" },
        usage: { input: 4, output: 2, cacheRead: 3, cacheWrite: 2 },
      },
      context,
    ).value;
    expect(value).toEqual({
      inputTextTokenCount: 9,
      results: [{ tokenCount: 2, outputText: "Nova", completionReason: "LENGTH" }],
    });
  });

  test.each<[string, string]>([
    ["FINISH", "stop"],
    ["FINISHED", "stop"],
    ["finish", "stop"],
    ["LENGTH", "length"],
    ["max_tokens", "length"],
    ["STOP_CRITERIA_MET", "stop-sequence"],
    ["CONTENT_FILTERED", "content-filter"],
    ["RAG_QUERY_WHEN_RAG_DISABLED", "other"],
  ])("completion reason %s is %s", (completionReason, reason) => {
    const body = { inputTextTokenCount: 1, results: [{ tokenCount: 1, outputText: "a", completionReason }] };
    expect(response.decode(body, context).finish).toEqual({ reason, raw: completionReason } as never);
    expect(response.encode(response.decode(body, context), context).value).toEqual(body);
  });

  test("round trip with what nobody knows yet", () => {
    const body = {
      inputTextTokenCount: 1,
      tomorrow: [1],
      "amazon-bedrock-guardrailAction": "INTERVENED",
      "amazon-bedrock-trace": { guardrail: {} },
      results: [
        { tokenCount: 1, outputText: "a", completionReason: "FINISH", score: 0.5 },
        { tokenCount: 1, outputText: "b", completionReason: "FINISH" },
      ],
    };
    const decoded = response.decode(body, context);
    expect(decoded.finish.reason).toBe("guardrail");
    expect(decoded.meta?.trace).toEqual({ guardrail: {} });
    expect(response.encode(decoded, context).value).toEqual(body);
  });

  test.each<JsonObject>([{}, { results: [] }, { results: [{}] }, { message: "no" }])("502 for %j", (body) => {
    expect(() => response.decode(body, context)).toThrow(expect.objectContaining({ status: 502 }));
  });
});

describe("stream decoder", () => {
  test("texts, counts, the end; metrics win over counts", () => {
    const events = decodeFrames([
      chunk({ outputText: "\nYo", inputTextTokenCount: 3, totalOutputTextTokenCount: null, completionReason: null }),
      chunk({
        outputText: "!",
        completionReason: "FINISH",
        totalOutputTextTokenCount: 9,
        "amazon-bedrock-invocationMetrics": {
          inputTokenCount: 3,
          outputTokenCount: 2,
          invocationLatency: 12,
          firstByteLatency: 11,
        },
      }),
    ]);
    expect(events).toEqual([
      { type: "message-start", id: "", model: "m" },
      { type: "block-start", index: 0, block: { type: "text", text: "" } },
      { type: "block-delta", index: 0, text: "\nYo" },
      { type: "usage", usage: { input: 3, output: 0 } },
      { type: "block-delta", index: 0, text: "!" },
      {
        type: "usage",
        usage: { input: 3, output: 2 },
        meta: { latencyMs: 12, extras: { from: "bedrock_titan", fields: { firstByteLatency: 11 } } },
      },
      { type: "block-end", index: 0 },
      { type: "message-end", finish: { reason: "stop", raw: "FINISH" } },
    ]);
  });

  test("T-46 an end without a reason is no end", () => {
    const frames = [chunk({ outputText: "Once", inputTextTokenCount: 3 })];
    expect(() => decodeFrames(frames)).toThrow(expect.objectContaining({ code: "upstream_stream_truncated" }));
    expect(() => decodeFrames([])).toThrow(expect.objectContaining({ code: "upstream_stream_truncated" }));
  });

  test("T-62 a guardrail ends an answer without a reason, but only with the counts of a last chunk", () => {
    const action = { "amazon-bedrock-guardrailAction": "INTERVENED" };
    const last = chunk({ outputText: "blocked", totalOutputTextTokenCount: 3, inputTextTokenCount: 6, ...action });
    expect(collect(decodeFrames([last]))).toMatchObject({
      content: [{ type: "text", text: "blocked" }],
      finish: { reason: "guardrail" },
      usage: { input: 6, output: 3 },
    });
    const first = chunk({ outputText: "blo", inputTextTokenCount: 6, ...action });
    expect(() => decodeFrames([first])).toThrow(GatewayError);
    expect(collect(decodeFrames([first, last])).content).toEqual([{ type: "text", text: "bloblocked" }]);
  });

  test("T-47 an exception in the stream is an error with its own status", () => {
    const decoder = stream.decoder(context);
    const exception = { exception: "throttlingException", data: '{"message":"Too many requests"}' };
    expect(() => decoder.push(exception, [])).toThrow(
      expect.objectContaining({ status: 429, code: "rate_limit_exceeded", message: "Too many requests" }),
    );
    const inBand = { data: '{"message":"slow","__type":"ModelTimeoutException"}' };
    expect(() => decoder.push(inBand, [])).toThrow(expect.objectContaining({ status: 504 }));
  });
});

describe("cleaning of answers to our own prompts", () => {
  const pieces = fc.constantFrom("Bot:", "Assistant:", "User:", "\n", " ", "B", "As", "ok", "\n\n", "##", "#", "a");
  const memos: Memo[] = [{ rendered: true }, { rendered: true, stop: ["\n\n", "##a"] }, { stop: ["#", "ok"] }];

  test("law: any cut of the text into deltas gives the same answer as the whole", () => {
    fc.assert(
      fc.property(fc.array(pieces), fc.array(fc.nat(40)), fc.constantFrom(...memos), (parts, cuts, memo) => {
        const outputText = parts.join("");
        const whole = response.decode(
          { inputTextTokenCount: 1, results: [{ tokenCount: 2, outputText, completionReason: "FINISH" }] },
          { ...context, memo },
        );
        const at = [0, ...cuts.map((cut) => Math.min(cut, outputText.length)).sort((a, b) => a - b), outputText.length];
        const frames = at.slice(1).map((end, i) => chunk({ outputText: outputText.slice(at[i], end) }));
        frames.push(chunk({ completionReason: "FINISH", inputTextTokenCount: 1, totalOutputTextTokenCount: 2 }));
        expect(collect(decodeFrames(frames, memo))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, string, string]>([
    ["a leading newline", "\nHi", "Hi"],
    ["a label", "\n\nAssistant: Hi", "Hi"],
    ["one label only", "Bot: Bot: Hi", "Bot: Hi"],
    ["the user's next turn", "Hi\nUser: more?", "Hi"],
    ["nothing but the user's next turn", "\nUser: more?", ""],
    ["words that begin like a label", "Both are fine", "Both are fine"],
  ])("%s", (_, outputText, text) => {
    const body = { inputTextTokenCount: 1, results: [{ tokenCount: 1, outputText, completionReason: "FINISH" }] };
    const { content } = response.decode(body, { ...context, memo: { rendered: true } });
    expect(content).toEqual(text === "" ? [] : [{ type: "text", text }]);
  });

  test("what is certain is given at once", () => {
    const decoder = stream.decoder({ ...context, memo: { rendered: true, stop: ["END"] } });
    const texts = ["\n", "B", "ot", ": he", "llo E", "N", "X", "\nUse"].map((outputText) => {
      const events: ChatEvent[] = [];
      decoder.push(chunk({ outputText }), events);
      return events.flatMap((event) => (event.type === "block-delta" ? [event.text] : [])).join("");
    });
    expect(texts).toEqual(["", "", "", "he", "llo ", "", "ENX", ""]);
  });
});

describe("stream encoder", () => {
  const start: ChatEvent = { type: "message-start", id: "x", model: "m" };
  const text = (index: number, words: string): ChatEvent[] => [
    { type: "block-start", index, block: { type: "text", text: "" } },
    { type: "block-delta", index, text: words },
    { type: "block-end", index },
  ];

  test("K58: usage behind the end mark closes the answer", () => {
    const frames = encodeEvents([
      start,
      ...text(0, "Yo"),
      { type: "message-end", finish: { reason: "stop-sequence" } },
      { type: "usage", usage: { input: 3, output: 1 }, meta: { latencyMs: 12 } },
    ]);
    expect(frames.slice(0, -1).map(({ data }) => JSON.parse(data))).toEqual([
      {
        index: 0,
        inputTextTokenCount: null,
        totalOutputTextTokenCount: null,
        outputText: "Yo",
        completionReason: null,
      },
      {
        index: 0,
        inputTextTokenCount: 3,
        totalOutputTextTokenCount: 1,
        outputText: "",
        completionReason: "STOP_CRITERIA_MET",
        "amazon-bedrock-invocationMetrics": {
          inputTokenCount: 3,
          outputTokenCount: 1,
          invocationLatency: 12,
          firstByteLatency: null,
        },
      },
    ]);
    expect(frames.at(-1)).toEqual({ data: "[DONE]" });
  });

  test("usage before the end mark and none at all: one last chunk, at the end", () => {
    for (const usage of [[], [{ type: "usage", usage: { input: 1, output: 0 } }]] satisfies ChatEvent[][]) {
      const events: ChatEvent[] = [
        start,
        ...usage,
        ...text(0, "a"),
        { type: "message-end", finish: { reason: "stop" } },
      ];
      const data = encodeEvents(events).map((frame) => frame.data);
      expect(data.filter((one) => one.includes('"FINISH"'))).toHaveLength(1);
      expect(data.at(-1)).toBe("[DONE]");
    }
  });

  test("thinking and tool calls make no chunks", () => {
    const frames = encodeEvents([
      start,
      { type: "block-start", index: 0, block: { type: "reasoning", text: "" } },
      { type: "block-delta", index: 0, text: "hm" },
      { type: "block-end", index: 0 },
      ...text(1, "a"),
      { type: "message-end", finish: { reason: "stop" } },
    ]);
    expect(frames).toHaveLength(3);
  });

  test("no [DONE] without a real end", () => {
    const encoder = stream.encoder(context);
    const frames: Frame[] = [];
    for (const event of [start, ...text(0, "a")]) encoder.push(event, frames);
    expect(() => encoder.end(frames)).toThrow(GatewayError);
    expect(frames.map(({ data }) => data)).not.toContain("[DONE]");
  });

  test("one typed error", () => {
    const failure = new GatewayError({ kind: "rate_limit", message: "slow down", upstreamName: "ThrottlingException" });
    expect(stream.encoder(context).fail(failure)).toEqual([
      { data: '{"message":"slow down","__type":"ThrottlingException"}' },
    ]);
  });
});

test("K59: an error in AWS's envelope", () => {
  const failure = new GatewayError({ kind: "rate_limit", message: "Too many requests" });
  expect(bedrockTitan.error.encode(failure, "req-1")).toEqual({
    status: 429,
    headers: { "x-amzn-errortype": "ThrottlingException", "x-amzn-requestid": "req-1" },
    body: { message: "Too many requests", __type: "ThrottlingException" },
  });
});
