// How often a body is read and written: what the bench measures in microseconds stands here in numbers that no load changes.
import { expect, spyOn, test } from "bun:test";
import { completion } from "../fakes/openai.ts";
import { ask, jsonWork } from "./counted.ts";

const long = "word ".repeat(400);
const bytesOf = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
const turns = (count: number): unknown[] =>
  Array.from({ length: count }, (_, n) => ({ role: n % 2 === 0 ? "user" : "assistant", content: `${n} ${long}` }));
const openaiAnswer = bytesOf(completion({ message: { content: long } }));
const converseAnswer = bytesOf({
  output: { message: { role: "assistant", content: [{ text: long }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
});
const upstreams = {
  openai: { speaks: "openai", framing: "json", pieces: [openaiAnswer] },
  converse: { speaks: "bedrock_converse", framing: "json", pieces: [converseAnswer] },
} as const;

test("verbatim: the caller's very bytes go up, the upstream's very bytes come down, nothing is parsed or written", async () => {
  const body = bytesOf({ model: "gpt-4o", messages: turns(3) });
  let asked: Awaited<ReturnType<typeof ask>> | undefined;
  const work = await jsonWork(long.length, async () => {
    asked = await ask(body, upstreams.openai);
  });
  expect(asked?.calls.map((call) => call.body === body)).toEqual([true]);
  expect(asked && "body" in asked.answer && asked.answer.body === openaiAnswer).toBe(true);
  expect(work).toEqual({ parsed: 0, written: 0 });
});

test.each([1, 11, 101])(
  "translated, %d messages: one parse of the request and one of the answer, each written once",
  async (count) => {
    const body = bytesOf({ model: "anthropic.claude-sonnet-4-5-20250929-v1:0", messages: turns(count) });
    const work = await jsonWork(long.length, () => ask(body, upstreams.converse));
    expect(work).toEqual({ parsed: 2, written: 2 });
  },
);

test("Claude to Claude: two keys are cut out of the bytes, the rest is neither parsed nor written", async () => {
  const body = bytesOf({
    anthropic_version: "bedrock-2023-05-31",
    model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    max_tokens: 9,
    messages: turns(3),
  });
  const answer = bytesOf({
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: "short" }],
    stop_reason: "end_turn",
    usage: { input_tokens: 1, output_tokens: 2 },
  });
  const upstream = { speaks: "bedrock_claude", framing: "json", pieces: [answer] } as const;
  const work = await jsonWork(long.length, () => ask(body, upstream));
  expect(work).toEqual({ parsed: 0, written: 0 });
});

test("no timer is set for a request without a deadline, and its caller is listened to once", async () => {
  const body = bytesOf({ model: "gpt-4o", messages: turns(1) });
  const plain = await bookkeeping(() => ask(body, upstreams.openai));
  expect(plain).toEqual({ timers: 0, listened: 1 });
  const bounded = await bookkeeping(() => ask(body, upstreams.openai, new Headers({ "x-request-timeout-ms": "5000" })));
  expect(bounded).toEqual({ timers: 1, listened: 1 });
});

test("a caller who leaves once the answer is out ends nothing", async () => {
  const caller = new AbortController();
  const { calls } = await ask(
    bytesOf({ model: "gpt-4o", messages: turns(1) }),
    upstreams.openai,
    new Headers(),
    caller,
  );
  caller.abort();
  expect(calls.map((call) => call.signal.aborted)).toEqual([false]);
});

async function bookkeeping(work: () => Promise<unknown>): Promise<{ timers: number; listened: number }> {
  const timers = spyOn(globalThis, "setTimeout");
  const listened = spyOn(EventTarget.prototype, "addEventListener");
  try {
    await work();
    const calls = [timers, listened].map((spy) => spy.mock.calls.length);
    return { timers: calls[0] ?? -1, listened: calls[1] ?? -1 };
  } finally {
    for (const spy of [timers, listened]) spy.mockRestore();
  }
}
