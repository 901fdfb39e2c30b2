/** Base URLs as people write them: what can be meant is served or said, so that nobody looks for the fault elsewhere. */
import { expect, test } from "bun:test";
import OpenAI from "openai";
import { between, key, models } from "./between.ts";

const stand = between();
const body = JSON.stringify({ model: models.nova, messages: [{ role: "user", content: "Hi" }] });
const ask = (path: string, method = "POST"): Promise<Response> =>
  fetch(`${stand.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(method === "POST" && { body }),
  });

test("a slash at the end is no other address", async () => {
  expect((await ask("/v1/chat/completions/")).status).toBe(200);
  expect((await ask("/v1/chat/completions/?target_format=bedrock_claude")).status).toBe(200);
  expect(await (await ask("/v1/models/", "GET")).json()).toMatchObject({ object: "list" });
});

test.each(["", "/v1/v1", "/api/v1", "/openai/v1", `/openai/deployments/${models.openai}`])(
  "the base URL %p is told the right one",
  async (base) => {
    const client = new OpenAI({ baseURL: `${stand.url}${base}`, apiKey: key, maxRetries: 0 });
    const call = client.chat.completions.create({ model: models.nova, messages: [{ role: "user", content: "Hi" }] });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(String(error)).toContain("Did you mean POST /v1/chat/completions?");
  },
);

const notServed = ". This API is not served here. Send a chat request to POST /v1/chat/completions.";
const sameBody = ". Send the same body, with its 'model', to POST /v1/chat/completions: the format is recognised.";

test.each([
  ["/v1/responses", notServed],
  ["/v1/completions", notServed],
  ["/model/amazon.nova-pro-v1%3A0/converse", notServed],
  ["/v1/messages", sameBody],
  ["/model/amazon.titan-text-express-v1/invoke", sameBody],
  ["/v1/chat/completion", ". Did you mean POST /v1/chat/completions?"],
  ["/v1/model", ". Did you mean GET /v1/models?"],
  ["/v1/embeddings", ""],
])("%s is not served, in OpenAI's words and with the way on", async (path, wayOn) => {
  const response = await ask(path);
  expect(response.status).toBe(404);
  const message = `Invalid URL (POST ${path})${wayOn}`;
  expect(await response.json()).toEqual({
    error: { message, type: "invalid_request_error", param: null, code: "unknown_url" },
  });
});

test("HEAD is answered like GET, without a body", async () => {
  for (const path of ["/health", "/v1/models", "/v1/chat/completions/health"]) {
    const response = await ask(path, "HEAD");
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
  }
});
