import { describe, expect, test } from "bun:test";
import type { Block, ChatResponse, Usage } from "../../../src/core/chat.ts";
import { collect } from "../../../src/core/collect.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { unfold } from "../../../src/core/unfold.ts";
import { openai } from "../../../src/dialects/openai/index.ts";
import { thrownBy } from "../stages.ts";
import { decodeFrames, encodeEvents, frames } from "./codecs.ts";

const context = { model: "M", created: 7, seed: "abcdefghijklmnopqrstuvwxyz0123456789" };
const usage: Usage = { input: 1, output: 1 };

function answer(content: Block[], reason: ChatResponse["finish"]["reason"] = "stop"): ChatResponse {
  return { id: "up", model: "U", content, finish: { reason }, usage };
}
const encode = (response: ChatResponse, more: object = {}) =>
  openai.response.encode(response, { ...context, ...more }).value;
const message = (response: ChatResponse, more: object = {}): unknown =>
  (encode(response, more)["choices"] as JsonObject[])[0]?.["message"];
const text = (text: string): Block => ({ type: "text", text });
const call: Block = { type: "tool-call", id: "t1", name: "f", input: '{"k":1}' };

describe("encode", () => {
  test("K41 mapping C.1: the envelope, cached tokens are part of the prompt", () => {
    const response = { ...answer([text("a"), text("b")]), meta: { serviceTier: "scale" } };
    response.usage = { input: 10, output: 3, cacheRead: 1000, cacheWrite: 100 };
    const value: unknown = encode(response);
    expect(value).toEqual({
      id: "chatcmpl-abcdefghijklmnopqrstuvwxyz012",
      object: "chat.completion",
      created: 7,
      model: "M",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "ab", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 1110,
        completion_tokens: 3,
        total_tokens: 1113,
        prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 100 },
      },
      service_tier: "scale",
    });
  });

  test("K42 reasoning, signed and redacted; blocks nobody sees", () => {
    const content: Block[] = [
      { type: "reasoning", text: "hm", signature: "SIG" },
      { type: "reasoning", text: "", redacted: "YWJj" },
      { type: "opaque", from: "bedrock_converse", raw: { hologram: { a: 1 } } },
      text("ok"),
    ];
    expect(message(answer(content))).toEqual({
      role: "assistant",
      content: "ok",
      refusal: null,
      reasoning_content: "hm",
      thinking_blocks: [
        { type: "thinking", thinking: "hm", signature: "SIG" },
        { type: "redacted_thinking", data: "YWJj" },
      ],
    });
  });

  test("K43 a call makes the finish reason, text before it is kept", () => {
    const value = encode(answer([text("Let me look."), call]));
    expect(value["choices"]).toEqual([
      {
        index: 0,
        message: {
          role: "assistant",
          content: "Let me look.",
          refusal: null,
          tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: '{"k":1}' } }],
        },
        logprobs: null,
        finish_reason: "tool_calls",
      },
    ]);
  });

  test("K44 T-11 T-62 a guardrail's text is content; nothing at all is an empty string; a call alone has null", () => {
    expect(encode(answer([text("Sorry")], "guardrail"))["choices"]).toMatchObject([
      { message: { content: "Sorry", refusal: null }, finish_reason: "content_filter" },
    ]);
    expect(message(answer([]))).toEqual({ role: "assistant", content: "", refusal: null });
    expect(message(answer([call]))).toHaveProperty("content", null);
  });

  test("K39 the deprecated shape", () => {
    expect(encode(answer([call]), { legacyFunctions: true })["choices"]).toEqual([
      {
        index: 0,
        message: {
          role: "assistant",
          content: null,
          refusal: null,
          function_call: { name: "f", arguments: '{"k":1}' },
        },
        logprobs: null,
        finish_reason: "function_call",
      },
    ]);
  });

  test("K38 custom calls, calls without id or arguments", () => {
    const content: Block[] = [
      { type: "tool-call", id: "t", name: "sql", input: "SELECT 1", custom: true },
      { type: "tool-call", id: "", name: "f", input: "" },
    ];
    expect(message(answer(content))).toHaveProperty("tool_calls", [
      { id: "t", type: "custom", custom: { name: "sql", input: "SELECT 1" } },
      { id: "call_abcdefghijklmnopqrstuv01", type: "function", function: { name: "f", arguments: "{}" } },
    ]);
  });

  test("a refusal has its own field", () => {
    expect(encode(answer([{ type: "refusal", text: "No." }], "refusal"))["choices"]).toMatchObject([
      { message: { content: null, refusal: "No." }, finish_reason: "stop" },
    ]);
  });

  test("missing usage stays missing, a trace is ours to show", () => {
    const { usage: _, ...bare } = answer([text("a")]);
    expect(encode(bare)).not.toHaveProperty("usage");
    expect(encode({ ...bare, meta: { trace: { g: 1 } } })).toHaveProperty("bedrock", { trace: { g: 1 } });
  });
});

describe("decode", () => {
  const body = (message: JsonObject, finish: string | null = "stop", more: JsonObject = {}): JsonObject => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-4o",
    choices: [{ index: 0, message: { role: "assistant", ...message }, logprobs: null, finish_reason: finish }],
    ...more,
  });
  const decode = (wire: JsonObject) => openai.response.decode(wire, context);

  test("K54 usage is exclusive, broken arguments survive, length stays length", () => {
    const calls = [{ id: "c1", type: "function", function: { name: "f", arguments: "{bad" } }];
    const wire = body({ content: null, refusal: null, tool_calls: calls }, "length", {
      usage: {
        prompt_tokens: 50,
        completion_tokens: 7,
        total_tokens: 57,
        prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    });
    expect(decode(wire)).toEqual({
      id: "chatcmpl-1",
      model: "gpt-4o",
      content: [{ type: "tool-call", id: "c1", name: "f", input: "{bad" }],
      finish: { reason: "length", raw: "length" },
      usage: { input: 6, output: 7, cacheRead: 40, cacheWrite: 4, reasoning: 3 },
    });
  });

  test("K54 a refusal", () => {
    expect(decode(body({ content: null, refusal: "No." }))).toMatchObject({
      content: [{ type: "refusal", text: "No." }],
      finish: { reason: "refusal" },
    });
  });

  test("two calls of one answer, reasoning, citations, a voice", () => {
    const calls = ["a", "b"].map((id) => ({ id, type: "function", function: { name: id, arguments: "{}" } }));
    const annotation = { type: "url_citation", url_citation: { start_index: 0, end_index: 2, url: "u", title: "t" } };
    expect(
      decode(body({ content: "hi", reasoning_content: "hm", annotations: [annotation], tool_calls: calls })).content,
    ).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "hi", citations: [{ kind: "web", url: "u", title: "t", start: 0, end: 2 }] },
      { type: "tool-call", id: "a", name: "a", input: "{}" },
      { type: "tool-call", id: "b", name: "b", input: "{}" },
    ]);
    expect(decode(body({ content: null, audio: { id: "x", data: "AAAA", transcript: "hello" } })).content).toEqual([
      { type: "text", text: "hello" },
    ]);
  });

  test("the first choice only; no finish reason is a stop (gpt-4-vision-preview)", () => {
    const wire = {
      choices: [
        { index: 1, message: { content: "B" } },
        { index: 0, message: { content: "A" } },
      ],
    };
    expect(decode(wire)).toMatchObject({ content: [{ text: "A" }], finish: { reason: "stop" } });
  });

  test("what is no answer is 502", () => {
    for (const wire of [{}, { choices: [] }, { choices: null }])
      expect(thrownBy(() => decode(wire as JsonObject))).toMatchObject({ status: 502, code: "upstream_error" });
  });

  test("usage details that have no name in the hub go back to OpenAI's format", () => {
    const told = {
      prompt_tokens: 5,
      completion_tokens: 4,
      total_tokens: 9,
      prompt_tokens_details: { cached_tokens: 1, audio_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 3, accepted_prediction_tokens: 1 },
      cost: 0.1,
    };
    expect(encode(decode(body({ content: "a" }, "stop", { usage: told })))["usage"]).toEqual(told);
  });
});

test("fold: an answer streamed and read again equals the answer written whole and read again", () => {
  const response = answer([
    { type: "reasoning", text: "h", signature: "S" },
    { type: "text", text: "hi", citations: [{ kind: "web", url: "u", title: "t", start: 0, end: 2 }] },
    call,
    { type: "tool-call", id: "t2", name: "sql", input: "S", custom: true },
  ]);
  const streamed = encodeEvents(unfold(response), { ...context, includeUsage: true });
  const again = collect(decodeFrames(frames(...streamed), context));
  expect(again).toEqual(openai.response.decode(encode(response), context));
  expect(again.content).toEqual(response.content);
});
