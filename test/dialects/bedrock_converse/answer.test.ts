import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Context } from "../../../src/dialects/dialect.ts";
import { decodeResponse, encodeResponse } from "../../../src/dialects/bedrock_converse/response.ts";
import { plain, thrownBy } from "../stages.ts";

const usage = { inputTokens: 5, outputTokens: 6, totalTokens: 11 };

function answer(content: JsonObject[], stopReason = "end_turn", more: JsonObject = {}): JsonObject {
  return { output: { message: { role: "assistant", content } }, stopReason, usage, metrics: { latencyMs: 1 }, ...more };
}

const toolUse = (toolUseId: string, name: string, input: JsonObject): JsonObject => ({
  toolUse: { toolUseId, name, input },
});

describe("whole Converse answers", () => {
  test("K41 usage is exclusive of cache tokens; reserved is OpenAI's scale", () => {
    const body = answer([{ text: "a" }, { text: "b" }], "end_turn", {
      usage: {
        inputTokens: 10,
        outputTokens: 3,
        totalTokens: 1113,
        cacheReadInputTokens: 1000,
        cacheWriteInputTokens: 100,
        cacheDetails: [
          { ttl: "1h", inputTokens: 60 },
          { ttl: "5m", inputTokens: 40 },
        ],
      },
      serviceTier: { type: "reserved" },
    });
    const response = decodeResponse(body, plain);
    expect(response.usage).toMatchObject({ input: 10, output: 3, cacheRead: 1000, cacheWrite: 100, cacheWrite1h: 60 });
    expect(response.meta).toEqual({ serviceTier: "scale", latencyMs: 1 });
    expect(response.content.map((block) => block.type === "text" && block.text)).toEqual(["a", "b"]);
    expect(encodeResponse(response).value).toEqual(body);
  });

  test("K42 reasoning, redacted reasoning, a block nobody knows", () => {
    const body = answer([
      { reasoningContent: { reasoningText: { text: "hm", signature: "SIG" } } },
      { reasoningContent: { redactedContent: "YWJj" } },
      { hologram: { a: 1 } },
      { text: "ok" },
    ]);
    const response = decodeResponse(body, plain);
    expect(response.content).toEqual([
      { type: "reasoning", text: "hm", signature: "SIG" },
      { type: "reasoning", text: "", redacted: "YWJj" },
      { type: "opaque", from: "bedrock_converse", raw: { hologram: { a: 1 } } },
      { type: "text", text: "ok" },
    ]);
    expect(encodeResponse(response).value).toEqual(body);
  });

  test("K43 end_turn beside a tool call is a tool call; tool_use without one is a stop", () => {
    const called = decodeResponse(answer([{ text: "Let me look." }, toolUse("t", "f", { q: "x" })]), plain);
    expect(called.finish).toEqual({ reason: "tool-calls", raw: "end_turn" });
    expect(called.content[1]).toEqual({ type: "tool-call", id: "t", name: "f", input: '{"q":"x"}' });
    expect(decodeResponse(answer([{ text: "no" }], "tool_use"), plain).finish.reason).toBe("stop");
  });

  test("K44 T-62 a guardrail's text is content; an answer may be empty", () => {
    const blocked = decodeResponse(answer([{ text: "Sorry, blocked." }], "guardrail_intervened"), plain);
    expect(blocked.finish.reason).toBe("guardrail");
    expect(blocked.content).toEqual([{ type: "text", text: "Sorry, blocked." }]);
    expect(decodeResponse(answer([]), plain).content).toEqual([]);
  });

  test.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop-sequence"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "context-window"],
    ["content_filtered", "content-filter"],
    ["malformed_model_output", "malformed"],
    ["invented_tomorrow", "other"],
    ["constructor", "other"],
  ])("stop reason %s is %s", (raw, reason) => {
    const response = decodeResponse(answer([], raw), plain);
    expect(response.finish).toEqual({ reason: reason as "stop", raw });
    expect(encodeResponse(response).value["stopReason"]).toBe(raw);
  });

  test("malformed_tool_use is an error that is worth one more try", () => {
    const error = thrownBy(() => decodeResponse(answer([], "malformed_tool_use"), plain));
    expect(error).toMatchObject({ status: 502, code: "malformed_tool_use", retryable: true, retryLimit: 1 });
  });

  test("a call cut by max_tokens stays a length, its arguments as they are", () => {
    const response = decodeResponse(
      answer([{ toolUse: { toolUseId: "t", name: "f", input: '{"a": ' } }], "max_tokens"),
      plain,
    );
    expect(response.finish.reason).toBe("length");
    expect(response.content[0]).toMatchObject({ type: "tool-call", input: '{"a": ' });
  });

  test("T-65 a 200 without output is 502, never a crash", () => {
    for (const body of [{}, { output: null }, { Output: { __type: "UnknownOperationException" } }, { output: {} }]) {
      expect(thrownBy(() => decodeResponse(body, plain))).toMatchObject({ status: 502, code: "upstream_error" });
    }
  });

  test("Claude's stop string; an empty id gets one; server tools are not the caller's", () => {
    const body = answer(
      [
        { toolUse: { toolUseId: "s", name: "nova_code_interpreter", input: { code: "1" }, type: "server_tool_use" } },
        { toolResult: { toolUseId: "s", content: [{ json: { stdOut: "1" } }], status: "success", type: "x" } },
        toolUse("", "f", {}),
      ],
      "stop_sequence",
      { additionalModelResponseFields: { stop_sequence: "END" } },
    );
    const response = decodeResponse(body, { ...plain, seed: "abcdefghijklmnopqrstuvwxyz0123456789" });
    expect(response.finish).toMatchObject({ reason: "tool-calls", sequence: "END" });
    expect(response.content.map((block) => block.type)).toEqual(["opaque", "opaque", "tool-call"]);
    expect(response.content[2]).toMatchObject({ id: "call_abcdefghijklmnopqrst0", input: "{}" });
  });

  test("citations of every kind come and go; a cited block without content has no text", () => {
    const citations = [
      {
        title: "t",
        sourceContent: [{ text: "s" }],
        location: { documentChar: { documentIndex: 0, start: 1, end: 2 } },
      },
      { title: "t", location: { documentPage: { documentIndex: 1, start: 1, end: 2 } } },
      { title: "t", location: { documentChunk: { documentIndex: 2, start: 0, end: 0 } } },
      { source: "u", location: { searchResultLocation: { searchResultIndex: 3, start: 0, end: 1 } } },
      { location: { web: { url: "https://e.org/", domain: "e.org" } } },
      { location: { invented: { a: 1 } }, new: true },
    ];
    const body = answer([
      { citationsContent: { content: [{ text: "a" }], citations } },
      { citationsContent: { citations: [{ title: "x" }] } },
    ]);
    const response = decodeResponse(body, plain);
    const block = response.content[0];
    expect(block?.type === "text" && block.citations?.map(({ kind }) => kind)).toEqual([
      "char",
      "page",
      "chunk",
      "search-result",
      "web",
      "other",
    ]);
    expect(response.content[1]).toMatchObject({ type: "text", text: "" });
    expect(encodeResponse(response).value).toEqual(body);
  });

  test("an image is media", () => {
    const body = answer([{ image: { format: "png", source: { bytes: "iVBORw0KGgo=" } } }]);
    const response = decodeResponse(body, plain);
    expect(response.content[0]).toMatchObject({
      type: "media",
      kind: "image",
      mediaType: "image/png",
      source: { kind: "base64", data: "iVBORw0KGgo=" },
    });
    expect(encodeResponse(response).value).toEqual(body);
  });

  test("what nobody names goes back as it came", () => {
    const body = answer([{ toolUse: { toolUseId: "t", name: "f", input: {}, type: "tool_use" } }], "tool_use", {
      usage: { ...usage, serverToolUsage: {} },
      metrics: { latencyMs: 4, brandNew: 1 },
      performanceConfig: { latency: "optimized" },
      trace: { guardrail: { actionReason: "none" } },
      additionalModelResponseFields: { x: 1 },
    });
    expect(encodeResponse(decodeResponse(body, plain)).value).toEqual(body);
  });
});

describe("what the memo of the request asks for", () => {
  const withMemo = (memo: NonNullable<Context["memo"]>): Context => ({ ...plain, memo });

  test("K28 the JSON tool is the answer's text, and nothing beside it", () => {
    const context = withMemo({ json: "tool" });
    const called = decodeResponse(
      answer([{ text: "Here you are:" }, toolUse("t1", "json_response", { a: 1 })], "tool_use"),
      context,
    );
    expect(called.content).toEqual([{ type: "text", text: '{"a":1}' }]);
    expect(called.finish.reason).toBe("stop");
    const words = decodeResponse(answer([{ text: "I cannot." }]), context);
    expect(words.content).toEqual([{ type: "text", text: "I cannot." }]);
  });

  test("T-25 two JSON calls are one answer, and a real tool stays a tool", () => {
    const response = decodeResponse(
      answer([
        toolUse("t1", "json_response", { a: 1 }),
        toolUse("t2", "f", {}),
        toolUse("t3", "json_response", { b: 1 }),
      ]),
      withMemo({ json: "tool" }),
    );
    expect(response.content).toMatchObject([{ text: '{"a":1}' }, { type: "tool-call", name: "f" }]);
    expect(response.finish.reason).toBe("tool-calls");
  });

  test("K29 the prompt fallback is cut to the first balanced object", () => {
    const context = withMemo({ json: "prompt" });
    const cut = (text: string): unknown => decodeResponse(answer([{ text }]), context).content;
    expect(cut('Sure:\n```json\n{"a":"}"}\n```')).toEqual([{ type: "text", text: '{"a":"}"}' }]);
    expect(cut('{"a":{"b":"\\"}"}} and {"c":1}')).toEqual([{ type: "text", text: '{"a":{"b":"\\"}"}}' }]);
    expect(cut("no object here")).toEqual([{ type: "text", text: "no object here" }]);
    expect(cut('so {"a": [1')).toEqual([{ type: "text", text: '{"a": [1' }]);
  });

  test("json_object loses one surrounding fence, not one inside", () => {
    const context = withMemo({ json: "object" });
    const text = (content: string): unknown => decodeResponse(answer([{ text: content }]), context).content;
    expect(text('```json\n{"a":1}\n```\n')).toEqual([{ type: "text", text: '{"a":1}' }]);
    expect(text('{"a":"```"}')).toEqual([{ type: "text", text: '{"a":"```"}' }]);
  });

  test("K38 a custom tool's input is free text again, under the caller's name (T-16)", () => {
    const context = withMemo({ customTools: new Set(["my.sql"]), toolNames: new Map([["my_sql", "my.sql"]]) });
    const response = decodeResponse(answer([toolUse("t1", "my_sql", { input: "SELECT 1" })], "tool_use"), context);
    expect(response.content).toEqual([
      { type: "tool-call", id: "t1", name: "my.sql", input: "SELECT 1", custom: true },
    ]);
    const odd = decodeResponse(answer([toolUse("t1", "my_sql", { query: 1 })], "tool_use"), context);
    expect(odd.content).toMatchObject([{ input: '{"query":1}' }]);
  });
});
