import { afterAll, beforeAll, expect, test } from "bun:test";
import { completion } from "../fakes/openai.ts";
import { json } from "../fakes/http.ts";
import { converse } from "../fakes/converse.ts";
import { type Between, openBetween } from "../traps/gateway.ts";

let between: Between;
beforeAll(() => {
  between = openBetween(({ target }) =>
    target.endsWith("/converse")
      ? converse({ content: [{ text: "Yes." }] })
      : json(completion({ message: { content: "Yes." } })),
  );
});
afterAll(() => between.stop());

const messages = (bytes: number): object => ({ messages: [{ role: "user", content: "x".repeat(bytes) }] });
const claude = { anthropic_version: "bedrock-2023-05-31", max_tokens: 10 };

test.each([
  ["translated", { model: "amazon.nova-pro-v1:0" }],
  ["verbatim", { model: "anthropic.claude-3-haiku-20240307-v1:0", ...claude }],
])("more than 25,000,000 bytes to Bedrock, %s, is a 413 before any call", async (_, body) => {
  const { status, text } = await between.ask({ ...body, ...messages(25_000_000) });
  expect(status).toBe(413);
  expect(JSON.parse(text).error).toMatchObject({ type: "invalid_request_error", code: "request_too_large" });
  expect(between.wire.seen).toHaveLength(0);
});

test("what is smaller goes, and OpenAI has no such limit", async () => {
  expect((await between.ask({ model: "amazon.nova-pro-v1:0", ...messages(24_900_000) })).status).toBe(200);
  expect((await between.ask({ model: "gpt-4o", ...messages(25_000_000) })).status).toBe(200);
}, 30_000);
