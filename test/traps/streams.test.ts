import { afterEach, describe, expect, test } from "bun:test";
import { converseMessages, converseStream, streamHead } from "../fakes/converse.ts";
import { chunk, event, exception } from "../fakes/event-stream.ts";
import { pieces } from "../fakes/http.ts";
import type { Exchange, Script, Step } from "../fakes/wire.ts";
import { readClaudeEvents } from "../traffic/read-claude.ts";
import { readOpenAIStream } from "../traffic/read-openai.ts";
import { claudePayloads } from "../traffic/caller-answer.ts";
import { sseEvents } from "../traffic/sse.ts";
import { type Between, openBetween } from "./gateway.ts";

let between: Between | undefined;
afterEach(() => between?.stop());

function open(
  answer: (exchange: Exchange, attempt: number) => Script,
  more?: Parameters<typeof openBetween>[1],
): Between {
  between = openBetween(answer, more);
  return between;
}

const nova = "us.amazon.nova-lite-v1:0";
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }];
const asked = { model: nova, messages: [{ role: "user", content: "Hi" }], stream: true };
const claudeAsked = {
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 9,
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  messages: asked.messages,
  stream: true,
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("T-50 an answer that was cut off by its maximum has a real end", () => {
  const cutText = (): Script => converseStream({ content: [{ text: "half a sen" }], stopReason: "max_tokens" });
  /** The model was in the middle of a call's arguments. */
  const cutCall = (): Script =>
    pieces(streamHead, [
      event("messageStart", { role: "assistant" }),
      event("contentBlockStart", { contentBlockIndex: 0, start: { toolUse: { toolUseId: "t1", name: "f" } } }),
      event("contentBlockDelta", { contentBlockIndex: 0, delta: { toolUse: { input: '{"city":"Os' } } }),
      event("contentBlockStop", { contentBlockIndex: 0 }),
      event("messageStop", { stopReason: "max_tokens" }),
      event("metadata", { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } }),
    ]);

  test("for OpenAI: length and [DONE], the half arguments as they are", async () => {
    const text = readOpenAIStream(sseEvents(bytes((await open(cutText).ask(asked)).text)));
    expect([text.text, text.finish, text.ended]).toEqual(["half a sen", "length", true]);
    between?.stop();
    const call = readOpenAIStream(sseEvents(bytes((await open(cutCall).ask({ ...asked, tools })).text)));
    expect([call.calls[0]?.input, call.finish, call.ended]).toEqual([{ unparsable: '{"city":"Os' }, "length", true]);
  });

  test("for Claude: message_delta with max_tokens and message_stop", async () => {
    for (const answer of [cutText, cutCall]) {
      const { text } = await open(answer).ask({ ...asked, tools }, { target: "bedrock_claude" });
      between?.stop();
      const told = sseEvents(bytes(text));
      expect(told.slice(-2).map(({ event }) => event)).toEqual(["message_delta", "message_stop"]);
      expect(text).toContain('"stop_reason":"max_tokens"');
    }
  });

  test("for Titan: LENGTH and [DONE]", async () => {
    const { text } = await open(cutText).ask(asked, { target: "bedrock_titan" });
    expect(text).toContain('"completionReason":"LENGTH"');
    expect(text).toEndWith("data: [DONE]\n\n");
  });
});

describe("T-53 a model that is silent while it writes a call's arguments", () => {
  /** Silent until the caller has seen two heartbeats: no clock decides. */
  function slowCall(heard: Promise<void>): () => Script {
    const all = converseMessages({ content: [{ toolUse: { toolUseId: "t1", name: "f", input: { a: 1 } } }] });
    return function* (): Generator<Step> {
      const script = [...pieces(streamHead, all)];
      yield* script.slice(0, 4);
      yield { until: heard };
      yield* script.slice(4);
    };
  }

  test.each([
    ["openai", ": keep-alive\n\n"],
    ["bedrock_claude", "event: ping\n"],
  ])("%s callers hear %j meanwhile, and then the rest", async (target, heartbeat) => {
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    // Claude's own first ping stands behind message_start.
    const enough = target === "bedrock_claude" ? 3 : 2;
    const { text, record } = await open(slowCall(heard), { times: { heartbeat: 10 } }).ask(
      { ...asked, tools },
      {
        target,
        onText: (all) => {
          if (all.split(heartbeat).length > enough) resolve();
        },
      },
    );
    expect(text.split(heartbeat).length - 1).toBeGreaterThanOrEqual(enough);
    expect(record.errorCode).toBeUndefined();
    if (target === "bedrock_claude") expect(readClaudeEvents(claudePayloads(sseEvents(bytes(text)))).ended).toBe(true);
    else expect(text).toEndWith("data: [DONE]\n\n");
  });
});

test("T-53 a Titan caller hears heartbeats while the model thinks, which his format has no words for", async () => {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const thoughts = converseMessages({
    content: [{ reasoningContent: { reasoningText: { text: "hm" } } }, { text: "Hello." }],
  });
  const script = function* (): Generator<Step> {
    const all = [...pieces(streamHead, thoughts)];
    yield* all.slice(0, 3);
    yield { until: heard };
    yield* all.slice(3);
  };
  const { text } = await open(script, { times: { heartbeat: 10 } }).ask(asked, {
    target: "bedrock_titan",
    onText: (all) => {
      if (all.split(": keep-alive\n\n").length > 2) resolve();
    },
  });
  expect(text).toStartWith(": keep-alive\n\n: keep-alive\n\n");
  expect(text).toEndWith("data: [DONE]\n\n");
});

describe("T-55 what an interrupted stream has cost is in the log as far as it was told", () => {
  const begun = [
    { type: "message_start", message: { id: "m", usage: { input_tokens: 25, output_tokens: 1 }, content: [] } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "half" } },
  ].map(chunk);

  test.each(["openai", "bedrock_claude"])("the upstream breaks off (%s)", async (target) => {
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    const script = function* (): Generator<Step> {
      yield* [...pieces(streamHead, begun)].slice(0, -1);
      yield { until: heard };
      yield { then: "end" };
    };
    const onText = (text: string): void => {
      if (text.includes("half")) resolve();
    };
    const { record, text } = await open(script).ask(claudeAsked, { target, onText });
    expect(text).not.toContain("[DONE]");
    expect(record.errorCode).toBe("upstream_stream_truncated");
    expect(record.usage).toMatchObject({ input: 25 });
  });

  test.each(["openai", "bedrock_claude"])("the caller leaves (%s)", async (target) => {
    const caller = new AbortController();
    const script = function* (): Generator<Step> {
      yield* [...pieces(streamHead, begun)].slice(0, -1);
      yield { then: "stall" };
    };
    const { record } = await open(script).ask(claudeAsked, {
      target,
      signal: caller.signal,
      onText: (text) => {
        if (text.includes("half")) caller.abort();
      },
    });
    expect(record.usage).toMatchObject({ input: 25 });
  });

  test("Converse told the usage before its end", async () => {
    const script = (): Script =>
      pieces(streamHead, [
        event("messageStart", { role: "assistant" }),
        event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "half" } }),
        event("metadata", { usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } }),
        exception("modelStreamErrorException", { message: "It broke." }),
      ]);
    const { record } = await open(script).ask(asked);
    expect(record).toMatchObject({ errorCode: "model_stream_error", usage: { input: 7, output: 3 } });
  });
});

describe("T-56 only what the caller has not seen is tried again", () => {
  const throttled = exception("throttlingException", { message: "Too many requests" });

  test("a 429 inside a stream's first message is a 429 for the retries", async () => {
    const { record, text } = await open((_, attempt) =>
      attempt < 3 ? pieces(streamHead, [throttled]) : converseStream({ content: [{ text: "ok" }] }),
    ).ask(asked);
    expect(record.attempts).toBe(3);
    expect(readOpenAIStream(sseEvents(bytes(text)))).toMatchObject({ text: "ok", ended: true });
  });

  test("when it stays, it is the status, and no stream was begun", async () => {
    const { status, headers, text } = await open(() => pieces(streamHead, [throttled])).ask(asked);
    expect([status, headers["content-type"]]).toEqual([429, "application/json"]);
    expect(JSON.parse(text).error.code).toBe("rate_limit_exceeded");
    expect(between?.wire.seen).toHaveLength(3);
  });

  test("once words are out there is no second call, whatever happens", async () => {
    const begun = converseMessages({ content: [{ text: "hello there" }] }).slice(0, 3);
    const { text } = await open(() => pieces(streamHead, [...begun, throttled])).ask(asked);
    const told = readOpenAIStream(sseEvents(bytes(text)));
    expect([told.text, told.ended, told.error?.code]).toEqual(["hello th", false, "rate_limit_exceeded"]);
    expect(between?.wire.seen).toHaveLength(1);
  });
});
