/** The compiled program between the official `openai` client and a Bedrock on loopback that speaks real event streams. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { type ConverseAnswer, converse, converseMessages, converseStream, streamHead } from "../fakes/converse.ts";
import { exception } from "../fakes/event-stream.ts";
import { pieces } from "../fakes/http.ts";
import { type Exchange, type Script, startWire, type Wire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { binary } from "./program.ts";

const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "Weather of a city",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];
const toolCall: ConverseAnswer = {
  content: [
    { text: "Let me look." },
    { toolUse: { toolUseId: "tooluse_A1", name: "get_weather", input: { city: "Paris" } } },
  ],
  stopReason: "tool_use",
};
const final: ConverseAnswer = { content: [{ text: "It is sunny in Paris." }] };

let wire: Wire;
let gateway: Gateway;
let client: OpenAI;
let say: (exchange: Exchange) => Script | Promise<Script>;

beforeAll(async () => {
  wire = startWire((exchange) => say(exchange));
  gateway = await startGateway(wire.url, { command: [await binary()], env: { API_KEY: "gateway-key" } });
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "gateway-key", maxRetries: 0 });
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  wire.stop();
});

const bodyOf = (exchange: Exchange): { messages: { role: string; content: Record<string, unknown>[] }[] } =>
  JSON.parse(new TextDecoder().decode(exchange.body));
const streams = (exchange: Exchange): boolean => exchange.target.endsWith("/converse-stream");
const answer = (exchange: Exchange, what: ConverseAnswer): Script =>
  streams(exchange) ? converseStream(what) : converse(what);

/** Plays a model that wants the tool first and answers when it has the result. */
const toolModel = (exchange: Exchange): Script => {
  const last = bodyOf(exchange).messages.at(-1);
  return answer(exchange, last?.content.some((block) => "toolResult" in block) ? final : toolCall);
};

describe("the openai client against a Claude on Bedrock", () => {
  test("chat", async () => {
    say = (exchange) => answer(exchange, { content: [{ text: "Hello there" }] });
    const completion = await client.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] });
    expect(completion.choices[0]?.message.content).toBe("Hello there");
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(completion.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 });
    expect(completion.model).toBe(model);
  });

  test("stream", async () => {
    say = (exchange) => answer(exchange, { content: [{ text: "Hello there, in pieces" }] });
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: "user", content: "Hi" }],
      stream_options: { include_usage: true },
    });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("Hello there, in pieces");
    expect((await stream.totalUsage()).total_tokens).toBe(13);
    expect((await stream.finalChatCompletion()).choices[0]?.finish_reason).toBe("stop");
  });

  test("a whole tool loop, plain", async () => {
    say = toolModel;
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Weather in Paris?" }];
    const first = (await client.chat.completions.create({ model, messages, tools })).choices[0];
    expect(first?.finish_reason).toBe("tool_calls");
    const call = first?.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("no function call");
    expect(call).toMatchObject({ id: "tooluse_A1", function: { name: "get_weather" } });
    expect(JSON.parse(call.function.arguments)).toEqual({ city: "Paris" });
    messages.push(first!.message, { role: "tool", tool_call_id: call.id, content: "sunny" });
    const second = (await client.chat.completions.create({ model, messages, tools })).choices[0];
    expect(second?.message.content).toBe("It is sunny in Paris.");
    const sent = bodyOf(wire.seen.at(-1)!).messages;
    expect(sent.map((message) => message.role)).toEqual(["user", "assistant", "user"]);
    expect(sent[2]?.content).toEqual([{ toolResult: { toolUseId: "tooluse_A1", content: [{ text: "sunny" }] } }]);
  });

  test("a whole tool loop, streamed, by the client's own runner", async () => {
    say = toolModel;
    const cities: string[] = [];
    const runner = client.chat.completions.runTools({
      model,
      stream: true,
      messages: [{ role: "user", content: "Weather in Paris?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "get_weather",
            description: "Weather of a city",
            parameters: { type: "object", properties: { city: { type: "string" } } },
            parse: JSON.parse,
            function: (input: { city: string }) => (cities.push(input.city), "sunny"),
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe("It is sunny in Paris.");
    expect(cities).toEqual(["Paris"]);
  });

  test("T-54: the client's abort closes the upstream connection within a second", async () => {
    const first = converseMessages({ content: [{ text: "The first words" }] }).slice(0, 2);
    let upstream: Exchange | undefined;
    say = (exchange) => {
      upstream = exchange;
      return [...Array.from(pieces(streamHead, first)).slice(0, -1), { then: "stall" }];
    };
    const controller = new AbortController();
    const stream = await client.chat.completions.create(
      { model, stream: true, messages: [{ role: "user", content: "Hi" }] },
      { signal: controller.signal },
    );
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
    controller.abort();
    const started = performance.now();
    await upstream!.closed;
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("100 streams at once are not mixed up", async () => {
    say = (exchange) => {
      const text = String(bodyOf(exchange).messages[0]?.content[0]?.["text"]);
      return answer(exchange, { content: [{ text: `You said ${text}. `.repeat(5) }] });
    };
    await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const stream = await client.chat.completions.create({
          model,
          stream: true,
          messages: [{ role: "user", content: `number ${n}` }],
        });
        let text = "";
        const ids = new Set<string>();
        for await (const chunk of stream) {
          ids.add(chunk.id);
          text += chunk.choices[0]?.delta.content ?? "";
        }
        expect(text).toBe(`You said number ${n}. `.repeat(5));
        expect(ids.size).toBe(1);
      }),
    );
  });

  test("T-47: an upstream exception in mid-stream raises in the client", async () => {
    const begun = converseMessages({ content: [{ text: "Half an ans" }] }).slice(0, 3);
    say = () =>
      pieces(streamHead, [
        ...begun,
        exception("throttlingException", { message: "Too many tokens, please wait before trying again." }),
      ]);
    const stream = await client.chat.completions.create({
      model,
      stream: true,
      messages: [{ role: "user", content: "Hi" }],
    });
    let text = "";
    const read = async (): Promise<void> => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    };
    await expect(read()).rejects.toThrow(/Too many tokens/);
    expect(text.length).toBeGreaterThan(0);
  });

  test("T-58: throttling before the first event is a 429 that the client knows", async () => {
    say = () =>
      pieces({ ...streamHead }, [
        exception("throttlingException", { message: "Too many requests, please wait before trying again." }),
      ]);
    const call = client.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: "Hi" }] });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
  }, 20_000);

  test("a wrong gateway key is an AuthenticationError", async () => {
    const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "wrong", maxRetries: 0 });
    const call = stranger.chat.completions.create({ model, messages: [{ role: "user", content: "Hi" }] });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
  });
});
