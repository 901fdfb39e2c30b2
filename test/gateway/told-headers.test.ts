import { afterAll, beforeAll, expect, test } from "bun:test";
import { converse, converseStream } from "../fakes/converse.ts";
import { json } from "../fakes/http.ts";
import { type Between, openBetween } from "../traps/gateway.ts";

const router = "arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/meta.llama:1";
const chosen = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-1-8b-instruct-v1:0";
let between: Between;
beforeAll(() => {
  between = openBetween(({ target }) => {
    if (target.endsWith("-stream")) return converseStream({ content: [{ text: "Yes." }] });
    if (!target.includes("router")) return converse({ content: [{ text: "Yes." }] });
    return json({
      output: { message: { role: "assistant", content: [{ text: "Yes." }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 321.6 },
      trace: { promptRouter: { invokedModelId: chosen } },
    });
  });
});
afterAll(() => between.stop());

const ask = (model: string, more: object = {}) =>
  between.ask({ model, messages: [{ role: "user", content: "Hi" }], ...more });

test("mapping C.1: the model's own time, and the model that a router chose", async () => {
  const routed = await ask(router);
  expect(routed.status).toBe(200);
  expect(routed.headers).toMatchObject({
    "x-amazon-chat-upstream-ms": "322",
    "x-amazon-chat-routed-model": chosen,
  });
  const plain = await ask("amazon.nova-pro-v1:0");
  expect(plain.headers["x-amazon-chat-upstream-ms"]).toBe("12");
  expect(plain.headers).not.toHaveProperty("x-amazon-chat-routed-model");
});

test("a stream's headers are out before it is known", async () => {
  const { headers, status } = await ask("amazon.nova-pro-v1:0", { stream: true });
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty("x-amazon-chat-upstream-ms");
});
