/** Imported models (mapping F.2): Converse is tried, and what it does not serve gets OpenAI's body through InvokeModel. */
import { afterEach, expect, test } from "bun:test";
import { awsError, converse, streamHead } from "../fakes/converse.ts";
import { chunk, exception } from "../fakes/event-stream.ts";
import { pieces } from "../fakes/http.ts";
import { invoke } from "../fakes/invoke.ts";
import { completion, delta, usage } from "../fakes/openai.ts";
import type { Exchange, Script } from "../fakes/wire.ts";
import { type Between, openBetween } from "../traps/gateway.ts";

const model = "arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456";
const path = `/model/${encodeURIComponent(model)}`;
const refusal = "The Converse API is not supported for this model.";
const messages = [{ role: "user", content: "Hi" }];

let between: Between | undefined;
afterEach(() => between?.stop());
function open(answer: (exchange: Exchange) => Script): Between {
  between = openBetween((exchange) =>
    exchange.target.includes("/converse") ? awsError(400, "ValidationException", refusal) : answer(exchange),
  );
  return between;
}
const targets = (): string[] => between?.wire.seen.map(({ target }) => target) ?? [];
const bodies = (): unknown[] => between?.wire.seen.map(({ body }) => JSON.parse(new TextDecoder().decode(body))) ?? [];
const whole = (): Script => invoke(completion({ message: { content: "Yes." } }));

test("Converse first, then InvokeModel with the caller's own OpenAI body; the model is remembered", async () => {
  const { ask } = open(whole);
  const body = {
    model,
    messages,
    max_tokens: 5,
    seed: 1,
    top_k: 3,
    tools: [{ type: "function", function: { name: "f" } }],
  };
  const first = await ask(body);
  expect(first.status).toBe(200);
  expect(JSON.parse(first.text)).toMatchObject({
    object: "chat.completion",
    model,
    choices: [{ message: { content: "Yes." }, finish_reason: "stop" }],
    usage: { prompt_tokens: 9 },
  });
  expect(first.headers["x-amazon-chat-losses"]).toBeUndefined();
  expect(targets()).toEqual([`${path}/converse`, `${path}/invoke`]);
  const { model: _, ...sent } = body;
  expect(bodies()[1]).toEqual(sent);
  expect((await ask(body)).status).toBe(200);
  expect(targets().slice(2)).toEqual([`${path}/invoke`]);
});

test("a stream of chunks, in the format that the caller wants", async () => {
  const { ask } = open(() =>
    pieces(streamHead, [
      chunk(delta({ role: "assistant", content: "" })),
      chunk(delta({ content: "Yes." })),
      chunk(delta({}, "stop")),
      chunk({ ...delta({}), choices: [], usage }),
    ]),
  );
  const answered = await ask(
    { model, anthropic_version: "bedrock-2023-05-31", max_tokens: 5, stream: true, messages },
    { target: "bedrock_claude" },
  );
  expect(targets()[1]).toBe(`${path}/invoke-with-response-stream`);
  expect(bodies()[1]).toEqual({ messages, max_tokens: 5 });
  expect(answered.text).toContain('"text":"Yes."');
  expect(answered.text).toContain("event: message_stop");
  expect(answered.text).toContain('"output_tokens":4');
  const plain = await ask({ model, messages, stream: true });
  expect(plain.text).toEndWith("data: [DONE]\n\n");
});

test("what goes wrong is said in AWS's way, also in mid-stream; a stream without an end is none", async () => {
  const { ask } = open((exchange) =>
    exchange.target.endsWith("/invoke")
      ? awsError(400, "ValidationException", "Malformed input request.")
      : pieces(streamHead, [
          chunk(delta({ content: "Ye" })),
          ...(targets().length > 3 ? [] : [exception("throttlingException", { message: "Too many tokens." })]),
        ]),
  );
  const refused = await ask({ model, messages });
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text).error.message).toBe("Malformed input request.");
  const broken = await ask({ model, messages, stream: true });
  expect(broken.text).toContain("Too many tokens.");
  expect(broken.text).not.toContain("[DONE]");
  const cut = await ask({ model, messages, stream: true });
  expect(cut.text).toContain("upstream_stream_truncated");
});

test("guardrail and metadata travel as headers", async () => {
  const { ask } = open(whole);
  const answered = await ask({
    model,
    messages,
    guardrail_config: { guardrailIdentifier: "g1", guardrailVersion: "2" },
    request_metadata: { team: "a" },
  });
  expect(answered.headers["x-amazon-chat-losses"]).toBeUndefined();
  expect(between?.wire.seen[1]?.headers).toMatchObject({
    "x-amzn-bedrock-guardrailidentifier": "g1",
    "x-amzn-bedrock-guardrailversion": "2",
    "x-amzn-bedrock-request-metadata": '{"team":"a"}',
  });
  expect(Object.keys(bodies()[1] ?? {})).toEqual(["messages"]);
});

test("a model that Converse serves stays there, and another refusal is no reason to leave", async () => {
  between = openBetween((_, attempt) =>
    attempt === 1
      ? awsError(400, "ValidationException", "Input is too long.")
      : converse({ content: [{ text: "Yes." }] }),
  );
  expect((await between.ask({ model, messages })).status).toBe(400);
  expect((await between.ask({ model, messages })).status).toBe(200);
  expect(targets()).toEqual([`${path}/converse`, `${path}/converse`]);
});

test("no other model is ever sent OpenAI's body", async () => {
  const { ask } = open(whole);
  expect((await ask({ model: "us.invented.tomorrow-v1:0", messages })).status).toBe(400);
  expect(targets()).toHaveLength(1);
});
