import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import type { ChatEvent } from "../../../src/core/events.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { openai } from "../../../src/dialects/openai/index.ts";
import { thrownBy } from "../stages.ts";
import { decodeFrames, frames } from "./codecs.ts";

const context = { model: "M", created: 1, seed: "abcdefghijklmnopqrstuvwxyz0123456789" };
const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
  id: "c",
  model: "up",
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const stop = chunk({}, "stop");
const done = "[DONE]";

function read(...chunks: (JsonObject | string)[]) {
  return collect(decodeFrames(frames(...chunks), context));
}
function eventsOf(...chunks: (JsonObject | string)[]): ChatEvent[] {
  return decodeFrames(frames(...chunks), context);
}

describe("calls", () => {
  test("K52 fragments of two calls interleave; text ends where a call begins", () => {
    const piece = (index: number, call: JsonObject) => chunk({ tool_calls: [{ index, ...call }] });
    const events = eventsOf(
      chunk({ role: "assistant", content: "a" }),
      piece(0, { id: "c0", type: "function", function: { name: "f", arguments: "" } }),
      piece(1, { id: "c1", type: "function", function: { name: "g", arguments: "{}" } }),
      piece(0, { function: { arguments: '{"z":2}' } }),
      chunk({}, "tool_calls"),
      { choices: [], usage: { prompt_tokens: 20, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 8 } } },
      done,
    );
    expect(events).toEqual([
      { type: "message-start", id: "c", model: "up" },
      { type: "block-start", index: 0, block: { type: "text", text: "" } },
      { type: "block-delta", index: 0, text: "a" },
      { type: "block-end", index: 0 },
      { type: "block-start", index: 1, block: { type: "tool-call", id: "c0", name: "f", input: "" } },
      { type: "block-start", index: 2, block: { type: "tool-call", id: "c1", name: "g", input: "" } },
      { type: "block-delta", index: 2, input: "{}" },
      { type: "block-delta", index: 1, input: '{"z":2}' },
      { type: "block-end", index: 1 },
      { type: "block-end", index: 2 },
      { type: "message-end", finish: { reason: "tool-calls", raw: "tool_calls" } },
      { type: "usage", usage: { input: 12, output: 5, cacheRead: 8 } },
    ]);
  });

  test("a name that comes late is waited for; missing ids are made, each its own; null arguments are none", () => {
    const { content } = read(
      chunk({ tool_calls: [{ index: 0, id: "", function: { arguments: '{"a"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { name: "f", arguments: ":1}" } }] }),
      chunk({ tool_calls: [{ index: 1, function: { name: "g", arguments: null } }] }),
      chunk({}, "tool_calls"),
    );
    expect(content).toEqual([
      { type: "tool-call", id: "call_abcdefghijklmnopqrstuv00", name: "f", input: '{"a":1}' },
      { type: "tool-call", id: "call_abcdefghijklmnopqrstuv01", name: "g", input: "" },
    ]);
  });

  test("servers without an index mean a new call with each id", () => {
    const { content } = read(
      chunk({ tool_calls: [{ id: "a", function: { name: "f", arguments: "{" } }] }),
      chunk({ tool_calls: [{ function: { arguments: "}" } }] }),
      chunk({ tool_calls: [{ id: "b", function: { name: "g", arguments: "{}" } }] }),
      stop,
    );
    expect(content).toMatchObject([
      { id: "a", input: "{}" },
      { id: "b", input: "{}" },
    ]);
  });

  test("mapping G.7 servers that give every call index 0 mean a new call with each id and name", () => {
    const { content } = read(
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{" } }] }),
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "", arguments: "}" } }] }),
      chunk({ tool_calls: [{ index: 0, id: "b", function: { name: "g", arguments: "[" } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: "]" } }] }),
      stop,
    );
    expect(content).toMatchObject([
      { id: "a", name: "f", input: "{}" },
      { id: "b", name: "g", input: "[]" },
    ]);
  });

  test("mapping G.7 arguments that are an object are that object", () => {
    const call = { index: 0, id: "a", function: { name: "f", arguments: { city: "Paris" } } };
    expect(read(chunk({ tool_calls: [call] }), stop).content).toMatchObject([{ name: "f", input: '{"city":"Paris"}' }]);
  });

  test("custom calls, deprecated calls, renamed tools", () => {
    expect(
      read(chunk({ tool_calls: [{ index: 0, id: "a", type: "custom", custom: { name: "sql", input: "S" } }] }), stop)
        .content,
    ).toEqual([{ type: "tool-call", id: "a", name: "sql", input: "S", custom: true }]);
    expect(
      read(chunk({ function_call: { name: "f", arguments: "" } }), chunk({ function_call: { arguments: "{}" } }), stop),
    ).toMatchObject({
      content: [{ type: "tool-call", id: "call_fn_0", name: "f", input: "{}" }],
      finish: { reason: "tool-calls" },
    });
    const memo = { toolNames: new Map([["short", "a very long name"]]) };
    const chunks = frames(
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "short", arguments: "{}" } }] }),
      stop,
    );
    expect(collect(decodeFrames(chunks, { ...context, memo })).content).toMatchObject([{ name: "a very long name" }]);
  });
});

describe("finish", () => {
  test.each([
    ["stop", "stop"],
    ["length", "length"],
    ["tool_calls", "tool-calls"],
    ["function_call", "tool-calls"],
    ["content_filter", "content-filter"],
    ["brand_new", "other"],
  ])("%s is %s", (raw, reason) => {
    expect(read(chunk({ content: "a" }, raw)).finish).toEqual({ reason, raw } as never);
  });

  test("stop beside a call is a call, beside a refusal a refusal (mapping D.4)", () => {
    const called = chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }] });
    expect(read(called, stop).finish.reason).toBe("tool-calls");
    expect(read(chunk({ refusal: "No" }), chunk({ refusal: "." }), stop)).toMatchObject({
      content: [{ type: "refusal", text: "No." }],
      finish: { reason: "refusal" },
    });
  });

  test("mapping G.7 [DONE] without a finish reason, or with an empty one, ends the answer", () => {
    expect(read(chunk({ content: "a" }), done).finish).toEqual({ reason: "stop" });
    expect(read(chunk({ content: "a" }, ""), done).finish).toEqual({ reason: "stop" });
    const called = chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }] });
    expect(read(called, done).finish).toEqual({ reason: "tool-calls" });
  });

  test("T-46 the end of the bytes without a finish reason is an error, also when nothing but [DONE] came", () => {
    for (const chunks of [[], [chunk({ content: "a" })], [done], [{ choices: [] }, done]]) {
      expect(thrownBy(() => eventsOf(...chunks)).code).toBe("upstream_stream_truncated");
    }
  });

  test("words after the finish reason change nothing, usage there counts", () => {
    const late = { ...chunk({ role: "assistant", content: "" }), usage: { prompt_tokens: 1, completion_tokens: 2 } };
    expect(read(chunk({ content: "a" }, "stop"), late, done)).toMatchObject({
      content: [{ type: "text", text: "a" }],
      usage: { input: 1, output: 2 },
    });
  });
});

describe("tolerance", () => {
  test("chunks without choices, of other choices, with usage in each, and empty lines", () => {
    const other = { choices: [{ index: 1, delta: { content: "B" } }] };
    const counted = { ...chunk({ content: "a" }), usage: { prompt_tokens: 1, completion_tokens: 1 } };
    const last = { ...stop, usage: { prompt_tokens: 1, completion_tokens: 7 } };
    expect(read({ id: "c", model: "up" }, other, counted, "", last, done)).toMatchObject({
      content: [{ type: "text", text: "a" }],
      usage: { input: 1, output: 7 },
    });
  });

  test("a missing id and model", () => {
    expect(read({ choices: [{ delta: { content: "a" }, finish_reason: "stop" }] })).toMatchObject({
      id: "",
      model: "M",
    });
  });

  test("reasoning in its spellings", () => {
    for (const key of ["reasoning_content", "reasoning"]) {
      expect(read(chunk({ [key]: "h" }), chunk({ [key]: "m" }), chunk({ content: "a" }), stop).content).toEqual([
        { type: "reasoning", text: "hm" },
        { type: "text", text: "a" },
      ]);
    }
    const both = { reasoning_content: "h", thinking_blocks: [{ type: "thinking", thinking: "h", signature: null }] };
    const signed = { thinking_blocks: [{ type: "thinking", thinking: "", signature: "S" }] };
    expect(read(chunk(both), chunk(signed), chunk({ content: "a" }), stop).content).toEqual([
      { type: "reasoning", text: "h", signature: "S" },
      { type: "text", text: "a" },
    ]);
  });

  test("the service tier is told once", () => {
    const tiers = eventsOf({ ...chunk({ content: "a" }), service_tier: "flex" }, { ...stop, service_tier: "flex" });
    expect(tiers.filter((event) => event.type === "usage")).toEqual([{ type: "usage", meta: { serviceTier: "flex" } }]);
  });

  test("unknown fields of the answer go back to OpenAI's format only", () => {
    const { extras } = read({ ...chunk({ content: "a" }), system_fingerprint: "fp", obfuscation: "xx" }, stop);
    expect(extras).toEqual({ from: "openai", fields: { system_fingerprint: "fp" } });
  });
});

describe("errors in the stream", () => {
  test.each([
    [{ message: "Slow", type: "tokens", code: "rate_limit_exceeded", param: null }, 429, "rate_limit", "tokens"],
    [{ message: "Spent", type: "insufficient_quota", code: "insufficient_quota" }, 429, "quota", "insufficient_quota"],
    [{ message: "Busy", type: "server_error", code: "server_is_overloaded" }, 503, "overloaded", "server_error"],
    [{ message: "Bad", type: "invalid_request_error", code: null }, 400, "invalid_request", "invalid_request_error"],
    [{ message: "Broke", code: 502 }, 502, "upstream", undefined],
    [{ message: "Broke" }, 500, "upstream", undefined],
  ] as const)("%j", (error, status, kind, type) => {
    const thrown = thrownBy(() => eventsOf(chunk({ content: "a" }), { error }));
    expect(thrown).toMatchObject({ message: error.message, status, kind, type });
  });

  test("an error that is only a text, and an event that is no JSON", () => {
    expect(thrownBy(() => eventsOf({ error: "boom" })).message).toBe("boom");
    expect(thrownBy(() => eventsOf("<html>")).code).toBe("upstream_error");
  });

  test("a refused key of ours is not shown", () => {
    const error = { message: "Incorrect API key provided: sk-ab***yz", code: 401 };
    expect(thrownBy(() => eventsOf({ error }))).toMatchObject({
      status: 502,
      code: "upstream_authentication_error",
      message: "The upstream refused this server's credentials.",
    });
  });
});

test("the stream's marks", () => {
  const { endMark, doneMark, heartbeat, named } = openai.stream;
  expect({ endMark, doneMark, heartbeat, named: named({ data: "x" }) }).toEqual({
    endMark: "",
    doneMark: true,
    heartbeat: ": keep-alive\n\n",
    named: { data: "x" },
  });
});
