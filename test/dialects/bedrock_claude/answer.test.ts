import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import type { ChatResponse } from "../../../src/core/chat.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../../src/core/models.ts";
import { bedrockClaude } from "../../../src/dialects/bedrock_claude/index.ts";
import { plain, runAll, thrownBy } from "../stages.ts";

const { decode, encode } = bedrockClaude.response;
const usage = { input_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 4 };

function message(content: JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    id: "msg_bdrk_1",
    type: "message",
    role: "assistant",
    model: "M",
    content,
    stop_reason: "end_turn",
    stop_sequence: null,
    usage,
    ...more,
  };
}

describe("whole Anthropic answers", () => {
  test("blocks of every kind come and go", () => {
    const body = message(
      [
        { type: "thinking", thinking: "hm", signature: "S" },
        { type: "thinking", thinking: "", signature: "T-72" },
        { type: "redacted_thinking", data: "YWJj" },
        {
          type: "text",
          text: "a",
          citations: [
            {
              type: "char_location",
              cited_text: "c",
              document_index: 0,
              document_title: "D",
              start_char_index: 0,
              end_char_index: 1,
            },
          ],
        },
        { type: "tool_use", id: "t", name: "f", input: { q: "x" }, caller: { type: "direct" } },
        { type: "server_tool_use", id: "s", name: "web_search", input: { q: 1 } },
        { type: "web_search_tool_result", tool_use_id: "s", content: [] },
      ],
      {
        stop_reason: "tool_use",
        stop_details: null,
        container: { id: "c" },
        context_management: { applied_edits: [] },
        invented: 1,
        usage: {
          ...usage,
          service_tier: "standard",
          cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
          output_tokens_details: { thinking_tokens: 2 },
        },
      },
    );
    const response = decode(body, plain);
    expect(response).toMatchObject({
      id: "msg_bdrk_1",
      finish: { reason: "tool-calls" },
      usage: { input: 3, output: 4, reasoning: 2, cacheWrite1h: 0 },
    });
    expect(response.content.map((block) => block.type)).toEqual([
      "reasoning",
      "reasoning",
      "reasoning",
      "text",
      "tool-call",
      "opaque",
      "opaque",
    ]);
    expect(encode(response, plain)).toEqual({ value: body, losses: [] });
  });

  test.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop-sequence"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "context-window"],
    ["tool_use", "tool-calls"],
    ["refusal", "refusal"],
    ["pause_turn", "pause"],
    ["compaction", "other"],
  ])("stop_reason %s is %s and goes back as it came", (word, reason) => {
    const response = decode(message([], { stop_reason: word, stop_sequence: "Z" }), plain);
    expect(response.finish).toEqual({ reason: reason as "stop", raw: word, sequence: "Z" });
    expect(encode(response, plain).value).toMatchObject({ stop_reason: word, stop_sequence: "Z" });
  });

  test.each([
    ["content-filter", "refusal"],
    ["guardrail", "refusal"],
    ["malformed", "end_turn"],
    ["other", "end_turn"],
  ] as const)("the hub's %s is %s", (reason, word) => {
    const response: ChatResponse = { id: "", model: "M", content: [], finish: { reason, raw: "invented" } };
    expect(encode(response, plain).value["stop_reason"]).toBe(word);
  });

  test("T-62 a guardrail of Bedrock's wins over the model's own reason", () => {
    const body = message([{ type: "text", text: "blocked" }], {
      "amazon-bedrock-guardrailAction": "INTERVENED",
      "amazon-bedrock-trace": { guardrail: {} },
    });
    expect(decode(body, plain)).toMatchObject({
      finish: { reason: "guardrail", raw: "end_turn" },
      meta: { trace: { guardrail: {} } },
    });
    expect(decode({ ...body, "amazon-bedrock-guardrailAction": "NONE" }, plain).finish.reason).toBe("stop");
  });

  test("something that is no message is 502", () => {
    for (const body of [{}, { completion: 1 }, { content: "x" }])
      expect(thrownBy(() => decode(body, plain)).status).toBe(502);
    const error = thrownBy(() =>
      decode({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, plain),
    );
    expect(error).toMatchObject({ status: 503, message: "Overloaded", retryable: true });
  });

  test("the older completion format, whole and streamed (recorded)", () => {
    const usage = { input_tokens: 8, output_tokens: 10 };
    expect(decode({ completion: " Hi", stop_reason: "max_tokens", stop: null, usage }, plain)).toMatchObject({
      content: [{ type: "text", text: " Hi" }],
      finish: { reason: "length" },
      usage: { input: 8, output: 10 },
    });
    const metrics = { inputTokenCount: 8, outputTokenCount: 2, invocationLatency: 5, firstByteLatency: 1 };
    const chunks = [
      { completion: " H", stop_reason: null, stop: null },
      { completion: "i", stop_reason: "stop_sequence", stop: "Z", "amazon-bedrock-invocationMetrics": metrics },
    ];
    const frames = chunks.map((chunk) => ({ data: JSON.stringify(chunk) }));
    expect(collect(runAll(bedrockClaude.stream.decoder(plain), frames))).toMatchObject({
      content: [{ type: "text", text: " Hi" }],
      finish: { reason: "stop-sequence", sequence: "Z" },
      usage: { input: 8, output: 2 },
      meta: { latencyMs: 5 },
    });
    expect(thrownBy(() => runAll(bedrockClaude.stream.decoder(plain), frames.slice(0, 1))).status).toBe(502);
  });

  test("K54 arguments that are no object survive; a refusal is text and the reason", () => {
    const context = { ...plain, facts: factsOnOpenAI("gpt-4o") };
    const called: ChatResponse = {
      id: "chatcmpl-1",
      model: "gpt-4o",
      content: [{ type: "tool-call", id: "c1", name: "f", input: "{bad" }],
      finish: { reason: "length", raw: "length" },
      usage: { input: 6, output: 7, cacheRead: 40, cacheWrite: 4, reasoning: 3 },
    };
    expect(encode(called, context).value).toEqual({
      id: "chatcmpl-1",
      type: "message",
      role: "assistant",
      model: "gpt-4o",
      content: [{ type: "tool_use", id: "c1", name: "f", input: { rawArguments: "{bad" } }],
      stop_reason: "max_tokens",
      stop_sequence: null,
      usage: {
        input_tokens: 6,
        cache_read_input_tokens: 40,
        cache_creation_input_tokens: 4,
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 3 },
      },
    });
    const refused: ChatResponse = {
      id: "",
      model: "gpt-4o",
      content: [{ type: "refusal", text: "No." }],
      finish: { reason: "stop" },
      usage: { input: 1, output: 1 },
    };
    expect(encode(refused, context).value).toMatchObject({
      content: [{ type: "text", text: "No." }],
      stop_reason: "refusal",
      usage: { input_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 1 },
    });
  });

  test.each([
    ["", {}],
    ["null", {}],
    ["[]", { rawArguments: "[]" }],
    ["5", { rawArguments: "5" }],
  ])("T-19 arguments %j become %j", (input, wire) => {
    const response: ChatResponse = {
      id: "",
      model: "M",
      content: [{ type: "tool-call", id: "c", name: "f", input }],
      finish: { reason: "tool-calls" },
    };
    expect(encode(response, plain).value["content"]).toEqual([{ type: "tool_use", id: "c", name: "f", input: wire }]);
  });

  test("citations of other formats, custom calls, and what the format has no word for", () => {
    const response: ChatResponse = {
      id: "",
      model: "M",
      content: [
        { type: "text", text: "a", citations: [{ kind: "web", url: "https://e.org", title: "E" }, { kind: "other" }] },
        { type: "text", text: "" },
        { type: "tool-call", id: "c", name: "sql", input: "SELECT 1", custom: true },
        { type: "reasoning", text: "t" },
        { type: "media", kind: "image", mediaType: "image/png", source: { kind: "base64", data: "" } },
        { type: "opaque", from: "bedrock_converse", raw: { hologram: 1 } },
      ],
      finish: { reason: "stop" },
    };
    const { value, losses } = encode(response, plain);
    expect(value["content"]).toEqual([
      {
        type: "text",
        text: "a",
        citations: [
          { type: "web_search_result_location", cited_text: "", title: "E", url: "https://e.org", encrypted_index: "" },
        ],
      },
      { type: "tool_use", id: "c", name: "sql", input: { input: "SELECT 1" } },
      { type: "thinking", thinking: "t", signature: "" },
    ]);
    expect(losses.map((loss) => loss.path)).toEqual(["content[4]", "content[5]"]);
  });

  test("ids come from the seed, the model is the one the caller named; families of Bedrock without cache counts have none to show", () => {
    const seed = "abcdefghijklmnopqrstuvwxyz0123";
    const response: ChatResponse = {
      id: "up",
      model: "N",
      content: [],
      finish: { reason: "stop" },
      usage: { input: 1, output: 2 },
    };
    const { value } = encode(response, {
      ...plain,
      seed,
      facts: factsOnBedrock("amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
    });
    expect(value).toMatchObject({ id: "msg_abcdefghijklmnopqrstuvwx", model: "M", content: [] });
    expect(value["usage"]).toEqual({ input_tokens: 1, output_tokens: 2 });
  });
});
