import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { Block } from "../../../src/core/chat.ts";
import type { ChatEvent } from "../../../src/core/events.ts";
import { openai } from "../../../src/dialects/openai/index.ts";
import { decodeFrames, encodeEvents, frames, payload } from "./codecs.ts";

const plain = { model: "M", created: 1795298635, seed: "abcdefghijklmnopqrstuvwxyz0123456789" };
const counting = { ...plain, includeUsage: true };
const start: ChatEvent = { type: "message-start", id: "up", model: "U" };
const stop: ChatEvent = { type: "message-end", finish: { reason: "stop" } };
const usage: ChatEvent = { type: "usage", usage: { input: 9, output: 2 } };
const choice = (delta: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
});
const first = choice({ role: "assistant", content: "", refusal: null });

/** A block with its deltas, opened and closed. */
function block(index: number, what: Block, ...deltas: object[]): ChatEvent[] {
  return [
    { type: "block-start", index, block: what },
    ...deltas.map((delta): ChatEvent => ({ type: "block-delta", index, ...delta })),
    { type: "block-end", index },
  ];
}
const text = (index: number, ...pieces: string[]) =>
  block(index, { type: "text", text: "" }, ...pieces.map((piece) => ({ text: piece })));
const call = (index: number, id: string, name: string, ...pieces: string[]) =>
  block(index, { type: "tool-call", id, name, input: "" }, ...pieces.map((input) => ({ input })));

/** The payloads without what is the same in all of them. */
function bare(events: readonly ChatEvent[], context: object = plain): unknown[] {
  return encodeEvents(events, { ...plain, ...context }).map((chunk) => {
    if (typeof chunk === "string") return chunk;
    const { id: _, object: __, created: ___, model: ____, ...rest } = chunk;
    return rest;
  });
}

describe("envelope", () => {
  test("mapping C.8: one id, one created, usage null until the usage chunk, [DONE] last", () => {
    const head = {
      id: "chatcmpl-abcdefghijklmnopqrstuvwxyz012",
      object: "chat.completion.chunk",
      created: 1795298635,
      model: "M",
    };
    const chunks: unknown[] = encodeEvents([start, ...text(0, "Hi"), stop, usage], counting);
    expect(chunks).toEqual([
      { ...head, ...first, usage: null },
      { ...head, ...choice({ content: "Hi" }), usage: null },
      { ...head, ...choice({}, "stop"), usage: null },
      {
        ...head,
        choices: [],
        usage: {
          prompt_tokens: 9,
          completion_tokens: 2,
          total_tokens: 11,
          prompt_tokens_details: { cached_tokens: 0 },
        },
      },
      "[DONE]",
    ]);
  });

  test("without a seed the upstream's id is kept", () => {
    expect(encodeEvents([start, stop], { model: "M", created: 1 })[0]).toHaveProperty("id", "up");
  });

  test("T-51 K46 without include_usage there is no usage key at all", () => {
    expect(bare([start, ...text(0, "", "y"), { type: "message-end", finish: { reason: "length" } }, usage])).toEqual([
      first,
      choice({ content: "y" }),
      choice({}, "length"),
      "[DONE]",
    ]);
  });

  test("usage before the end of the message waits, the last one counts, the tier rides along", () => {
    const early: ChatEvent = { type: "usage", usage: { input: 1, output: 1 }, meta: { serviceTier: "flex" } };
    const chunks = encodeEvents([start, early, ...text(0, "a"), usage, stop], counting);
    expect(chunks.slice(2)).toMatchObject([
      choice({}, "stop"),
      { choices: [], usage: { total_tokens: 11 }, service_tier: "flex" },
      "[DONE]",
    ]);
  });

  test("T-46 K47 no end of the message, no [DONE]", () => {
    expect(bare([start, ...text(0, "hal")])).toEqual([first, choice({ content: "hal" })]);
  });

  test("K48 T-47 a failure is one error frame in OpenAI's shape", () => {
    const encoder = openai.stream.encoder(plain);
    const error = new GatewayError({
      kind: "rate_limit",
      message: "Too many tokens",
      type: "tokens",
      code: "rate_limit_exceeded",
    });
    expect(encoder.fail(error).map(payload)).toEqual([
      { error: { message: "Too many tokens", type: "tokens", param: null, code: "rate_limit_exceeded" } },
    ]);
    expect(encoder.fail(GatewayError.truncated()).map(payload)).toEqual([
      {
        error: {
          message: "The upstream stream ended unexpectedly.",
          type: "server_error",
          param: null,
          code: "upstream_stream_truncated",
        },
      },
    ]);
  });
});

describe("blocks", () => {
  test("K45 T-17 T-18 reasoning, text and two calls: call places are dense, empty arguments become {}", () => {
    const events = [
      start,
      ...block(0, { type: "reasoning", text: "" }, { text: "t" }, { signature: "S" }),
      ...text(1, "x"),
      ...call(2, "a", "f", '{"k":', "1}"),
      ...call(5, "b", "g"),
      { type: "message-end", finish: { reason: "tool-calls" } } as const,
      { type: "usage", usage: { input: 3, output: 4 } } as const,
    ];
    const piece = (index: number, args: string) => choice({ tool_calls: [{ index, function: { arguments: args } }] });
    const opened = (index: number, id: string, name: string) =>
      choice({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] });
    expect(bare(events)).toEqual([
      first,
      choice({ reasoning_content: "t" }),
      choice({ thinking_blocks: [{ type: "thinking", thinking: "t", signature: "S" }] }),
      choice({ content: "x" }),
      opened(0, "a", "f"),
      piece(0, '{"k":'),
      piece(0, "1}"),
      opened(1, "b", "g"),
      piece(1, "{}"),
      choice({}, "tool_calls"),
      "[DONE]",
    ]);
  });

  test("overlapping calls keep their places", () => {
    const events: ChatEvent[] = [
      start,
      { type: "block-start", index: 4, block: { type: "tool-call", id: "a", name: "f", input: "" } },
      { type: "block-start", index: 7, block: { type: "tool-call", id: "", name: "g", input: "" } },
      { type: "block-delta", index: 7, input: "{}" },
      { type: "block-delta", index: 4, input: '{"z":2}' },
      { type: "message-end", finish: { reason: "tool-calls" } },
    ];
    expect(bare(events).slice(2, 5)).toEqual([
      choice({
        tool_calls: [
          { index: 1, id: "call_abcdefghijklmnopqrstuv01", type: "function", function: { name: "g", arguments: "" } },
        ],
      }),
      choice({ tool_calls: [{ index: 1, function: { arguments: "{}" } }] }),
      choice({ tool_calls: [{ index: 0, function: { arguments: '{"z":2}' } }] }),
    ]);
  });

  test("mapping C.4 custom tools", () => {
    const custom: Block = { type: "tool-call", id: "t", name: "sql", input: "", custom: true };
    expect(bare([start, ...block(0, custom, { input: "SELECT 1" }), stop]).slice(1, 4)).toEqual([
      choice({ tool_calls: [{ index: 0, id: "t", type: "custom", custom: { name: "sql", input: "" } }] }),
      choice({ tool_calls: [{ index: 0, custom: { input: "SELECT 1" } }] }),
      choice({}, "tool_calls"),
    ]);
  });

  test("K39 deprecated functions: the first call only, in the old shape", () => {
    const events = [start, ...call(0, "a", "f", '{"k":1}'), ...call(1, "b", "g", "{}"), stop];
    expect(bare(events, { legacyFunctions: true })).toEqual([
      first,
      choice({ function_call: { name: "f", arguments: "" } }),
      choice({ function_call: { arguments: '{"k":1}' } }),
      choice({}, "function_call"),
      "[DONE]",
    ]);
  });

  test("T-73 redacted fragments are joined as bytes", () => {
    const events = [
      start,
      ...block(0, { type: "reasoning", text: "" }, { redacted: "YQ==" }, { redacted: "Yg==" }),
      stop,
    ];
    expect(bare(events)[1]).toEqual(choice({ thinking_blocks: [{ type: "redacted_thinking", data: "YWI=" }] }));
  });

  test("T-72 a signature without text survives", () => {
    expect(bare([start, ...block(0, { type: "reasoning", text: "" }, { signature: "S" }), stop])[1]).toEqual(
      choice({ thinking_blocks: [{ type: "thinking", thinking: "", signature: "S" }] }),
    );
  });

  test("citations come at the end of their text: web as annotations over the block's span, others in their own list", () => {
    const cited = block(
      1,
      { type: "text", text: "" },
      { text: "cited" },
      { citation: { kind: "web", url: "https://a.example", title: "A" } },
      { citation: { kind: "page", documentIndex: 0, start: 1, end: 2, extras: { from: "x", fields: { raw: 1 } } } },
    );
    expect(bare([start, ...text(0, "ab "), ...cited, stop]).slice(3, 5)).toEqual([
      choice({
        annotations: [
          {
            type: "url_citation",
            url_citation: { start_index: 3, end_index: 8, url: "https://a.example", title: "A" },
          },
        ],
      }),
      choice({ citations: [{ kind: "page", documentIndex: 0, start: 1, end: 2 }] }),
    ]);
  });

  test("images, refusals, and blocks that are nobody's business", () => {
    const image: Block = {
      type: "media",
      kind: "image",
      mediaType: "image/png",
      source: { kind: "base64", data: "AAAA" },
    };
    const events = [
      start,
      ...block(0, image),
      ...block(1, { type: "refusal", text: "" }, { text: "No." }),
      ...block(2, { type: "opaque", from: "x", raw: 1 }),
      { type: "message-end", finish: { reason: "refusal" } } as const,
    ];
    expect(bare(events)).toEqual([
      first,
      choice({ images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] }),
      choice({ refusal: "No." }),
      choice({}, "stop"),
      "[DONE]",
    ]);
  });
});

describe("finish", () => {
  test.each([
    ["stop", "stop", "tool_calls"],
    ["stop-sequence", "stop", "tool_calls"],
    ["length", "length", "length"],
    ["context-window", "length", "length"],
    ["tool-calls", "stop", "tool_calls"],
    ["content-filter", "content_filter", "content_filter"],
    ["guardrail", "content_filter", "content_filter"],
    ["refusal", "content_filter", "content_filter"],
    ["pause", "stop", "tool_calls"],
    ["malformed", "stop", "tool_calls"],
    ["other", "stop", "tool_calls"],
  ] as const)("mapping D.4, C.3 a, b, e and T-82: %s is %s, beside a call %s", (reason, alone, beside) => {
    const end: ChatEvent = { type: "message-end", finish: { reason } };
    expect(bare([start, end])[1]).toEqual(choice({}, alone));
    expect(bare([start, ...call(0, "a", "f", "{}"), end]).at(-2)).toEqual(choice({}, beside));
  });

  test("T-57 exactly one finish chunk", () => {
    const chunks = bare([start, ...call(0, "a", "f", "{}"), stop, usage], { includeUsage: true });
    expect(chunks.filter((chunk) => JSON.stringify(chunk).includes('"finish_reason":"')).length).toBe(1);
  });
});

test("fold: our own stream, read again, is the answer it was made of", () => {
  const events = [
    start,
    ...block(0, { type: "reasoning", text: "" }, { text: "t1" }, { signature: "S1" }),
    ...block(1, { type: "reasoning", text: "" }, { redacted: "YWI=" }),
    ...block(2, { type: "reasoning", text: "" }, { text: "t2" }, { signature: "S2" }),
    ...text(3, "a", "b"),
    ...call(4, "c1", "f", '{"a":', "1}"),
    { type: "message-end", finish: { reason: "tool-calls", raw: "tool_calls" } } as const,
    usage,
  ];
  const chunks = encodeEvents(events, { model: "M", created: 1, includeUsage: true });
  const again = collect(decodeFrames(frames(...chunks), { model: "M", created: 1 }));
  const { content, finish } = collect(events);
  expect(again).toMatchObject({ content, finish, usage: { input: 9, output: 2 } });
});
