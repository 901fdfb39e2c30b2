import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import { bedrockClaude } from "../../../src/dialects/bedrock_claude/index.ts";
import type { Context } from "../../../src/dialects/dialect.ts";
import { answerOf, payloads, plain, runAll, thrownBy } from "../stages.ts";

const { decoder, encoder, named } = bedrockClaude.stream;
const begin = {
  type: "message_start",
  message: {
    id: "m",
    type: "message",
    role: "assistant",
    model: "x",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  },
};
const block = (index: number, content_block: JsonObject): JsonObject => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, value: JsonObject): JsonObject => ({ type: "content_block_delta", index, delta: value });
const stop = (index: number): JsonObject => ({ type: "content_block_stop", index });
const finish = (stop_reason: string, usage?: JsonObject): JsonObject => ({
  type: "message_delta",
  delta: { stop_reason, stop_sequence: null },
  ...(usage && { usage }),
});
const done = { type: "message_stop" };

function events(wire: readonly JsonObject[]): ChatEvent[] {
  return runAll(
    decoder(plain),
    wire.map((event): Frame => ({ data: JSON.stringify(event) })),
  );
}
function encoded(list: readonly ChatEvent[], context: Context = plain): unknown[] {
  return payloads(runAll(encoder(context), list));
}

describe("Anthropic's events", () => {
  test("text, thought and calls; a call without fragments is {}", () => {
    const found = events([
      begin,
      { type: "ping" },
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "t" }),
      delta(0, { type: "signature_delta", signature: "S" }),
      stop(0),
      block(1, { type: "text", text: "" }),
      delta(1, { type: "text_delta", text: "x" }),
      stop(1),
      block(2, { type: "tool_use", id: "a", name: "f", input: {} }),
      delta(2, { type: "input_json_delta", partial_json: "" }),
      stop(2),
      { type: "invented" },
      finish("tool_use", { output_tokens: 7 }),
      done,
    ]);
    expect(found).toEqual([
      { type: "message-start", id: "m", model: "M" },
      { type: "block-start", index: 0, block: { type: "reasoning", text: "" } },
      { type: "block-delta", index: 0, text: "t" },
      { type: "block-delta", index: 0, signature: "S" },
      { type: "block-end", index: 0 },
      { type: "block-start", index: 1, block: { type: "text", text: "" } },
      { type: "block-delta", index: 1, text: "x" },
      { type: "block-end", index: 1 },
      { type: "block-start", index: 2, block: { type: "tool-call", id: "a", name: "f", input: "" } },
      { type: "block-delta", index: 2, input: "{}" },
      { type: "block-end", index: 2 },
      { type: "message-end", finish: { reason: "tool-calls", raw: "tool_use" } },
      { type: "usage", usage: { input: 9, output: 7 } },
    ]);
  });

  test("Bedrock's metrics, a guardrail in the last event, a message_delta without usage", () => {
    const found = events([
      begin,
      block(0, { type: "text", text: "" }),
      finish("end_turn"),
      {
        type: "message_stop",
        "amazon-bedrock-guardrailAction": "INTERVENED",
        "amazon-bedrock-invocationMetrics": {
          inputTokenCount: 9,
          outputTokenCount: 5,
          invocationLatency: 120,
          firstByteLatency: 30,
        },
      },
    ]);
    expect(found.slice(-3)).toEqual([
      { type: "block-end", index: 0 },
      { type: "message-end", finish: { reason: "guardrail", raw: "end_turn" } },
      { type: "usage", usage: { input: 9, output: 5 }, meta: { latencyMs: 120 } },
    ]);
  });

  test("blocks nobody knows are collected; a start may carry everything", () => {
    const found = events([
      begin,
      block(0, { type: "server_tool_use", id: "s", name: "w", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"q":' }),
      delta(0, { type: "input_json_delta", partial_json: "1}" }),
      stop(0),
      block(1, { type: "compaction", content: "a" }),
      delta(1, { type: "compaction_delta", content: "b" }),
      stop(1),
      block(2, { type: "tool_use", id: "t", name: "f", input: { a: 1 } }),
      block(3, { type: "redacted_thinking", data: "YWJj" }),
      delta(7, { type: "text_delta", text: "implicit" }),
      finish("end_turn"),
      done,
    ]);
    expect(collect(found).content).toEqual([
      { type: "opaque", from: "bedrock_claude", raw: { type: "server_tool_use", id: "s", name: "w", input: { q: 1 } } },
      { type: "opaque", from: "bedrock_claude", raw: { type: "compaction", content: "ab" } },
      { type: "tool-call", id: "t", name: "f", input: '{"a":1}' },
      { type: "reasoning", text: "", redacted: "YWJj" },
      { type: "text", text: "implicit" },
    ]);
  });

  test("T-46 no message_stop is no end, wherever the stream was cut", () => {
    const wire = [
      begin,
      block(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text: "x" }),
      stop(0),
      finish("end_turn"),
      done,
    ];
    for (let cut = 0; cut < wire.length; cut++) {
      expect(thrownBy(() => events(wire.slice(0, cut))).code).toBe("upstream_stream_truncated");
    }
    expect(events(wire)).toContainEqual({ type: "message-end", finish: { reason: "stop", raw: "end_turn" } });
  });

  test("T-47 error events and exception frames throw", () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(thrownBy(() => events([begin, error]))).toMatchObject({ status: 503, message: "Overloaded" });
    const frame: Frame = { exception: "modelStreamErrorException", data: '{"message":"m","originalStatusCode":500}' };
    expect(thrownBy(() => runAll(decoder(plain), [frame]))).toMatchObject({ status: 502, code: "model_stream_error" });
  });

  test("frames get the names that Bedrock leaves out", () => {
    expect(named({ data: '{"type":"message_stop"}' }).event).toBe("message_stop");
    expect(named({ data: '{"index":0,"type":"content_block_stop"}' }).event).toBe("content_block_stop");
    expect(named({ data: '{"message":{"type":"message"},"type":"message_start"}' }).event).toBe("message_start");
    expect(named({ event: "ping", data: "{}" })).toEqual({ event: "ping", data: "{}" });
  });
});

describe("the encoder (mapping D.5)", () => {
  const call = (index: number, id: string): ChatEvent => ({
    type: "block-start",
    index,
    block: { type: "tool-call", id, name: "f", input: "" },
  });

  test("K52 interleaved calls come out one after the other, usage in message_delta", () => {
    const out = encoded([
      { type: "message-start", id: "msg_x", model: "gpt-4o-mini" },
      { type: "block-start", index: 0, block: { type: "text", text: "" } },
      { type: "block-delta", index: 0, text: "a" },
      { type: "block-end", index: 0 },
      call(1, "c0"),
      call(2, "c1"),
      { type: "block-delta", index: 2, input: "{}" },
      { type: "block-delta", index: 1, input: '{"z":2}' },
      { type: "block-end", index: 1 },
      { type: "block-end", index: 2 },
      { type: "message-end", finish: { reason: "tool-calls" } },
      { type: "usage", usage: { input: 12, output: 5, cacheRead: 8, cacheWrite: 0 } },
    ]);
    expect(out).toEqual([
      {
        type: "message_start",
        message: {
          id: "msg_x",
          type: "message",
          role: "assistant",
          model: "gpt-4o-mini",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 0, output_tokens: 0 },
        },
      },
      { type: "ping" },
      block(0, { type: "text", text: "" }),
      delta(0, { type: "text_delta", text: "a" }),
      stop(0),
      block(1, { type: "tool_use", id: "c0", name: "f", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: '{"z":2}' }),
      stop(1),
      block(2, { type: "tool_use", id: "c1", name: "f", input: {} }),
      delta(2, { type: "input_json_delta", partial_json: "{}" }),
      stop(2),
      {
        type: "message_delta",
        delta: { stop_reason: "tool_use", stop_sequence: null },
        usage: { input_tokens: 12, output_tokens: 5, cache_read_input_tokens: 8, cache_creation_input_tokens: 0 },
      },
      { type: "message_stop" },
    ]);
  });

  test("thought, signature and redacted thought; blocks without content are none; a custom call is an object", () => {
    const out = encoded(
      answerOf(
        { type: "block-start", index: 0, block: { type: "reasoning", text: "" } },
        { type: "block-delta", index: 0, text: "t" },
        { type: "block-delta", index: 0, signature: "S" },
        { type: "block-end", index: 0 },
        { type: "block-start", index: 1, block: { type: "reasoning", text: "" } },
        { type: "block-delta", index: 1, redacted: "YQ==" },
        { type: "block-delta", index: 1, redacted: "YmM=" },
        { type: "block-end", index: 1 },
        { type: "block-start", index: 2, block: { type: "text", text: "" } },
        { type: "block-end", index: 2 },
        {
          type: "block-start",
          index: 3,
          block: { type: "media", kind: "image", mediaType: "image/png", source: { kind: "base64", data: "" } },
        },
        { type: "block-end", index: 3 },
        { type: "block-start", index: 4, block: { type: "tool-call", id: "c", name: "sql", input: "", custom: true } },
        { type: "block-delta", index: 4, input: "SELECT" },
        { type: "block-end", index: 4 },
        { type: "block-start", index: 5, block: { type: "reasoning", text: "" } },
        { type: "block-delta", index: 5, signature: "T-72" },
        { type: "block-end", index: 5 },
      ),
    );
    expect(out.slice(2, -2)).toEqual([
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "t" }),
      delta(0, { type: "signature_delta", signature: "S" }),
      stop(0),
      block(1, { type: "redacted_thinking", data: "YWJj" }),
      stop(1),
      block(2, { type: "tool_use", id: "c", name: "sql", input: {} }),
      delta(2, { type: "input_json_delta", partial_json: '{"input":"SELECT"}' }),
      stop(2),
      block(3, { type: "thinking", thinking: "", signature: "" }),
      delta(3, { type: "signature_delta", signature: "T-72" }),
      stop(3),
    ]);
  });

  test("Bedrock's metrics close a stream that came from Bedrock", () => {
    const list = answerOf()
      .slice(0, -1)
      .concat({ type: "usage", usage: { input: 3, output: 1 }, meta: { latencyMs: 12 } });
    const facts = factsOnBedrock("amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0");
    expect(encoded(list, { ...plain, facts }).at(-1)).toEqual({
      type: "message_stop",
      "amazon-bedrock-invocationMetrics": {
        inputTokenCount: 3,
        outputTokenCount: 1,
        invocationLatency: 12,
        firstByteLatency: null,
      },
    });
    expect(encoded(list).at(-1)).toEqual({ type: "message_stop" });
  });

  test("T-51 message_delta waits for the usage, message_stop for the end; without usage the end brings both", () => {
    const stage = encoder(plain);
    const out: Frame[] = [];
    const said = (): unknown[] => out.splice(0).map((frame) => frame.event);
    for (const event of answerOf().slice(0, -1)) stage.push(event, out);
    expect(said()).toEqual(["message_start", "ping"]);
    stage.push({ type: "usage", usage: { input: 1, output: 2 } }, out);
    expect(said()).toEqual(["message_delta"]);
    stage.end(out);
    expect(said()).toEqual(["message_stop"]);
    expect(
      runAll(encoder(plain), answerOf().slice(0, -1))
        .map((frame) => frame.event)
        .slice(-2),
    ).toEqual(["message_delta", "message_stop"]);
  });

  test("a stream that never ended has no message_stop; a failure is one error event", () => {
    expect(runAll(encoder(plain), answerOf().slice(0, 1)).map((frame) => frame.event)).toEqual([
      "message_start",
      "ping",
    ]);
    expect(encoder(plain).fail(GatewayError.truncated())).toEqual([
      {
        event: "error",
        data: '{"type":"error","error":{"type":"api_error","message":"The upstream stream ended unexpectedly."}}',
      },
    ]);
  });

  test("every event has its name (mapping 0.9)", () => {
    for (const frame of runAll(
      encoder(plain),
      answerOf(call(0, "c"), { type: "block-delta", index: 0, input: '\u2028"' }),
    ))
      expect(JSON.parse(frame.data).type).toBe(frame.event);
    expect(bedrockClaude.stream.heartbeat).toBe('event: ping\ndata: {"type":"ping"}\n\n');
  });
});
