import { afterEach, expect, test } from "bun:test";
import { awsError, converse, converseStream } from "../fakes/converse.ts";
import type { Exchange, Script } from "../fakes/wire.ts";
import { readOpenAI, readOpenAIStream } from "../traffic/read-openai.ts";
import { sseEvents } from "../traffic/sse.ts";
import { type Between, openBetween } from "./gateway.ts";

let between: Between | undefined;
afterEach(() => between?.stop());

function open(answer: (exchange: Exchange) => Script): Between {
  between?.stop();
  between = openBetween(answer);
  return between;
}

const asked = { model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", messages: [{ role: "user", content: "Hi" }] };

// The anti-example turns every refusal into 500 or 502: clients then retry what cannot succeed, or give up what could.
test.each([
  [400, "ValidationException", "Malformed input request.", 400],
  [400, "ValidationException", "Input is too long for requested model.", 400],
  [400, "ServiceQuotaExceededException", "Your account has reached its quota.", 429],
  [403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", 403],
  [404, "ResourceNotFoundException", "Could not resolve the foundation model.", 404],
  [429, "ThrottlingException", "Too many requests, please wait before trying again.", 429],
  [429, "ModelNotReadyException", "The model is not ready.", 503],
  [503, "ServiceUnavailableException", "Try again later.", 503],
  [408, "ModelTimeoutException", "The model took too long.", 504],
] as const)(
  "T-64 Bedrock's %d %s (%s) is the caller's %d, streamed or not",
  async (status, name, message, expected) => {
    for (const stream of [false, true]) {
      const told = await open(() => awsError(status, name, message)).ask({ ...asked, stream });
      expect([stream, told.status]).toEqual([stream, expected]);
      expect(JSON.parse(told.text).error.message).toContain(message);
    }
  },
);

test("T-70 prompt_tokens holds what was read from the cache and written to it, and says how much each", async () => {
  const usage = {
    inputTokens: 10,
    outputTokens: 5,
    // AWS's own total is another sum.
    totalTokens: 999,
    cacheReadInputTokens: 100,
    cacheWriteInputTokens: 1000,
  };
  const told = {
    prompt_tokens: 1110,
    completion_tokens: 5,
    total_tokens: 1115,
    prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 1000 },
  };
  const answer = { content: [{ text: "ok" }], usage };
  const whole = await open(() => converse(answer)).ask(asked);
  expect(JSON.parse(whole.text).usage).toEqual(told);
  expect(readOpenAI(JSON.parse(whole.text)).usage).toMatchObject({ input: 10, cacheRead: 100, cacheWrite: 1000 });
  const streamed = await open(() => converseStream(answer)).ask({
    ...asked,
    stream: true,
    stream_options: { include_usage: true },
  });
  const events = sseEvents(new TextEncoder().encode(streamed.text));
  expect(JSON.parse(events.at(-2)?.data ?? "null").usage).toEqual(told);
  expect(readOpenAIStream(events).usage).toMatchObject({ input: 10, cacheRead: 100, cacheWrite: 1000 });
});
