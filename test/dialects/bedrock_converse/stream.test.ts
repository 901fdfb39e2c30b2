import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { ChatEvent } from "../../../src/core/events.ts";
import { decoder, encoder } from "../../../src/dialects/bedrock_converse/stream.ts";
import type { Context } from "../../../src/dialects/dialect.ts";
import { converseFrames, payloads, plain, runAll, thrownBy } from "../stages.ts";

type Step = Record<string, unknown>;
const delta = (contentBlockIndex: number, value: unknown): Step => ({
  contentBlockDelta: { contentBlockIndex, delta: value },
});
const start = (contentBlockIndex: number, value?: unknown): Step => ({
  contentBlockStart: { contentBlockIndex, ...(value !== undefined && { start: value }) },
});
const stop = (contentBlockIndex: number): Step => ({ contentBlockStop: { contentBlockIndex } });
const begin: Step = { messageStart: { role: "assistant" } };
const end = (stopReason: string): Step => ({ messageStop: { stopReason } });
const metadata: Step = {
  metadata: { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 }, metrics: { latencyMs: 9 } },
};

function events(steps: readonly Step[], context: Context = plain): ChatEvent[] {
  return runAll(decoder(context), converseFrames(steps));
}

describe("ConverseStream", () => {
  test("K45 sparse indices, no starts for text and reasoning, a call without fragments is {}", () => {
    const found = events([
      begin,
      delta(0, { reasoningContent: { text: "t" } }),
      delta(0, { reasoningContent: { signature: "S" } }),
      stop(0),
      delta(1, { text: "x" }),
      stop(1),
      start(2, { toolUse: { toolUseId: "a", name: "f" } }),
      delta(2, { toolUse: { input: '{"k":' } }),
      delta(2, { toolUse: { input: "1}" } }),
      stop(2),
      start(5, { toolUse: { toolUseId: "b", name: "g" } }),
      stop(5),
      end("tool_use"),
      metadata,
    ]);
    expect(found).toEqual([
      { type: "message-start", id: "", model: "M" },
      { type: "block-start", index: 0, block: { type: "reasoning", text: "" } },
      { type: "block-delta", index: 0, text: "t" },
      { type: "block-delta", index: 0, signature: "S" },
      { type: "block-end", index: 0 },
      { type: "block-start", index: 1, block: { type: "text", text: "" } },
      { type: "block-delta", index: 1, text: "x" },
      { type: "block-end", index: 1 },
      { type: "block-start", index: 2, block: { type: "tool-call", id: "a", name: "f", input: "" } },
      { type: "block-delta", index: 2, input: '{"k":' },
      { type: "block-delta", index: 2, input: "1}" },
      { type: "block-end", index: 2 },
      { type: "block-start", index: 3, block: { type: "tool-call", id: "b", name: "g", input: "" } },
      { type: "block-delta", index: 3, input: "{}" },
      { type: "block-end", index: 3 },
      { type: "message-end", finish: { reason: "tool-calls", raw: "tool_use" } },
      {
        type: "usage",
        usage: { input: 3, output: 4, extras: { from: "bedrock_converse", fields: { totalTokens: 7 } } },
        meta: { latencyMs: 9 },
      },
    ]);
  });

  test("K46 empty deltas are none", () => {
    const found = events([
      begin,
      delta(0, { text: "" }),
      delta(0, { text: "y" }),
      stop(0),
      end("max_tokens"),
      metadata,
    ]);
    expect(found.filter((event) => event.type === "block-delta")).toEqual([
      { type: "block-delta", index: 0, text: "y" },
    ]);
    expect(found).toContainEqual({ type: "message-end", finish: { reason: "length", raw: "max_tokens" } });
  });

  test("K47 T-46 no messageStop is no end, wherever the stream was cut", () => {
    const steps = [begin, delta(0, { text: "hal" }), stop(0), end("end_turn"), metadata];
    for (let cut = 0; cut < 4; cut++) {
      const error = thrownBy(() => events(steps.slice(0, cut)));
      expect(error).toMatchObject({ code: "upstream_stream_truncated", status: 502 });
    }
    expect(events(steps.slice(0, 4)).at(-1)?.type).toBe("message-end");
  });

  test("K48 T-47 an exception frame throws what the table says", () => {
    const stage = decoder(plain);
    const out: ChatEvent[] = [];
    for (const frame of converseFrames([begin])) stage.push(frame, out);
    const data = '{"message":"Too many tokens, please wait before trying again."}';
    expect(thrownBy(() => stage.push({ data, exception: "throttlingException" }, out))).toMatchObject({
      message: "Too many tokens, please wait before trying again.",
      type: "tokens",
      code: "rate_limit_exceeded",
    });
    expect(out).toHaveLength(1);
  });

  test("T-51 metadata before messageStop waits; events invented later and what follows the end say nothing", () => {
    const found = events([
      begin,
      metadata,
      { brandNew: { a: 1 } },
      delta(0, { text: "x" }),
      delta(0, { somethingNew: 1 }),
      end("end_turn"),
      delta(0, { text: "late" }),
      end("max_tokens"),
    ]);
    expect(found.map((event) => event.type)).toEqual([
      "message-start",
      "block-start",
      "block-delta",
      "block-end",
      "message-end",
      "usage",
    ]);
  });

  test("a start without content opens nothing: the first delta decides; messageStart may be missing", () => {
    const found = events([
      start(0),
      start(1, {}),
      delta(0, { text: "a" }),
      delta(1, { toolUse: { input: "x" } }),
      end("end_turn"),
    ]);
    expect(collect(found).content).toEqual([{ type: "text", text: "a" }]);
  });

  test("redacted reasoning is joined as bytes; one index may change from thought to text", () => {
    const found = events([
      delta(0, { reasoningContent: { redactedContent: "YQ==" } }),
      delta(0, { reasoningContent: { redactedContent: "YmM=" } }),
      delta(0, { text: "x" }),
      end("end_turn"),
    ]);
    expect(collect(found).content).toEqual([
      { type: "reasoning", text: "", redacted: "YWJj" },
      { type: "text", text: "x" },
    ]);
  });

  test("server tools, their results and images are collected and given whole", () => {
    const found = events([
      start(0, { toolUse: { toolUseId: "s", name: "i", type: "server_tool_use" } }),
      delta(0, { toolUse: { input: '{"a"' } }),
      delta(0, { toolUse: { input: ":1}" } }),
      stop(0),
      start(1, { toolResult: { toolUseId: "s", status: "success" } }),
      delta(1, { toolResult: [{ json: { x: 1 } }] }),
      stop(1),
      start(2, { image: { format: "png" } }),
      delta(2, { image: { source: { bytes: "iVBORw0K" } } }),
      delta(2, { image: { source: { bytes: "Ggo=" } } }),
      stop(2),
      end("end_turn"),
    ]);
    expect(collect(found).content).toEqual([
      {
        type: "opaque",
        from: "bedrock_converse",
        raw: { toolUse: { toolUseId: "s", name: "i", type: "server_tool_use", input: { a: 1 } } },
      },
      {
        type: "opaque",
        from: "bedrock_converse",
        raw: { toolResult: { toolUseId: "s", status: "success", content: [{ json: { x: 1 } }] } },
      },
      { type: "media", kind: "image", mediaType: "image/png", source: { kind: "base64", data: "iVBORw0KGgo=" } },
    ]);
  });

  test("a block with hostile names changes no other object", () => {
    const hostile: unknown = JSON.parse('{"toolResult":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}');
    events([start(0, { toolResult: {} }), delta(0, hostile), delta(0, hostile), stop(0), end("end_turn")]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("Claude's stop string on the stream, and fields for which only messageStop had room", () => {
    const found = events([
      {
        messageStop: { stopReason: "stop_sequence", additionalModelResponseFields: { delta: { stop_sequence: "Z" } } },
      },
    ]);
    expect(found).toContainEqual({
      type: "message-end",
      finish: { reason: "stop-sequence", raw: "stop_sequence", sequence: "Z" },
    });
  });

  test("the JSON tool's fragments are the text, as they come", () => {
    const context: Context = { ...plain, memo: { json: "tool" } };
    const found = events(
      [
        delta(0, { text: "Sure" }),
        stop(0),
        start(1, { toolUse: { toolUseId: "j", name: "json_response" } }),
        delta(1, { toolUse: { input: '{"a"' } }),
        delta(1, { toolUse: { input: ": 1}" } }),
        stop(1),
        end("tool_use"),
      ],
      context,
    );
    expect(found.slice(1)).toEqual([
      { type: "block-start", index: 0, block: { type: "text", text: "" } },
      { type: "block-delta", index: 0, text: '{"a"' },
      { type: "block-delta", index: 0, text: ": 1}" },
      { type: "block-end", index: 0 },
      { type: "message-end", finish: { reason: "stop", raw: "tool_use" } },
    ]);
  });

  test("the prompt fallback is cut while it streams, wherever the deltas end", () => {
    const text = 'Sure: {"a":"\\"}","b":{}} done {"c":1}';
    for (let size = 1; size < 9; size++) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];
      const found = events([...pieces.map((piece) => delta(0, { text: piece })), end("end_turn")], {
        ...plain,
        memo: { json: "prompt" },
      });
      expect(collect(found).content).toEqual([{ type: "text", text: '{"a":"\\"}","b":{}}' }]);
    }
  });

  test("a custom tool's fragments wait until they can be read", () => {
    const found = events(
      [
        start(0, { toolUse: { toolUseId: "c", name: "sql" } }),
        delta(0, { toolUse: { input: '{"input":"SEL' } }),
        delta(0, { toolUse: { input: 'ECT"}' } }),
        end("tool_use"),
      ],
      { ...plain, memo: { customTools: new Set(["sql"]) } },
    );
    expect(found.filter((event) => event.type === "block-delta")).toEqual([
      { type: "block-delta", index: 0, input: "SELECT" },
    ]);
  });

  test("an event that is not JSON is 502, never a crash", () => {
    const error = thrownBy(() => decoder(plain).push({ event: "messageStart", data: "<html>" }, []));
    expect(error).toMatchObject({ status: 502, code: "upstream_error" });
  });
});

describe("the encoder for fakes", () => {
  test("what it writes is read as the same answer", () => {
    const steps = [
      begin,
      delta(0, { reasoningContent: { text: "t" } }),
      delta(0, { reasoningContent: { signature: "S" } }),
      stop(0),
      delta(1, { text: "x" }),
      stop(1),
      start(2, { toolUse: { toolUseId: "a", name: "f" } }),
      delta(2, { toolUse: { input: "{}" } }),
      stop(2),
      end("tool_use"),
      metadata,
    ];
    const frames = runAll(encoder(), events(steps));
    expect(frames.map((frame) => frame.event)).toEqual(steps.map((step) => Object.keys(step)[0]));
    expect(payloads(frames)).toEqual(steps.map((step) => Object.values(step)[0]));
  });

  test("nothing ends that did not end; a failure is an exception", () => {
    expect(runAll(encoder(), [{ type: "message-start", id: "", model: "M" }])).toHaveLength(1);
    const frames = encoder().fail(new GatewayError({ kind: "rate_limit", message: "slow down" }));
    expect(frames).toEqual([{ exception: "throttlingException", data: '{"message":"slow down"}' }]);
  });
});
