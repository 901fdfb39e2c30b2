/** The official `openai` package, unchanged, on models of every kind: its helpers judge more than a plain call does. */
import { afterEach, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { awsError } from "../fakes/converse.ts";
import { said, structured, weatherModel } from "../fakes/weather-model.ts";
import { between, everyModel, key, models } from "./between.ts";

const stand = between();
afterEach(() => stand.play(weatherModel));
const client = (): OpenAI => new OpenAI({ baseURL: `${stand.url}/v1`, apiKey: key, maxRetries: 0 });
const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Weather in Paris?" }];
const Weather = z.object({ city: z.string(), celsius: z.number() });
const format = zodResponseFormat(Weather, "weather");
const City = z.object({ city: z.string() });

describe.each(everyModel)("openai on %s (%s)", (_, model) => {
  test("create and stream give the same text", async () => {
    const whole = await client().chat.completions.create({ model, messages });
    expect(whole.choices[0]?.message.content).toBe(said.answer);
    expect(whole.choices[0]?.finish_reason).toBe("stop");
    const stream = client().chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(said.answer);
    expect((await stream.totalUsage()).total_tokens).toBe(whole.usage?.total_tokens ?? 0);
  });

  test("parse with a zod schema", async () => {
    const parsed = await client().chat.completions.parse({ model, messages, response_format: format });
    expect(parsed.choices[0]?.message.parsed).toEqual(structured);
    expect(parsed.choices[0]?.finish_reason).toBe("stop");
    expect(parsed.choices[0]?.message.tool_calls ?? []).toEqual([]);
  });

  test("a stream with a zod schema ends parsed", async () => {
    const stream = client().chat.completions.stream({ model, messages, response_format: format });
    const deltas: string[] = [];
    stream.on("content.delta", ({ delta }) => void deltas.push(delta));
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.parsed).toEqual(structured);
    expect(JSON.parse(deltas.join(""))).toEqual(structured);
  });

  test("json_object", async () => {
    const whole = await client().chat.completions.create({ model, messages, response_format: { type: "json_object" } });
    expect(JSON.parse(whole.choices[0]?.message.content ?? "")).toEqual(structured);
  });

  test("parsed arguments of a tool made with zod", async () => {
    const tools = [zodFunction({ name: "get_weather", parameters: City })];
    const parsed = await client().chat.completions.parse({ model, messages, tools });
    const call = parsed.choices[0]?.message.tool_calls?.[0];
    expect(call).toMatchObject({ function: { parsed_arguments: said.arguments } });
    const stream = client().chat.completions.stream({ model, messages, tools });
    const done: unknown[] = [];
    stream.on("tool_calls.function.arguments.done", (event) => void done.push(event.parsed_arguments));
    await stream.done();
    expect(done).toEqual([said.arguments]);
  });

  test.each([false, true])("runTools calls the function and gives the final answer (stream: %p)", async (stream) => {
    const cities: string[] = [];
    const tool = zodFunction({
      name: "get_weather",
      parameters: City,
      function: ({ city }) => (cities.push(city), "sunny"),
    });
    const completions = client().chat.completions;
    const runner = stream
      ? completions.runTools({ model, messages, tools: [tool], stream: true })
      : completions.runTools({ model, messages, tools: [tool] });
    expect(await runner.finalContent()).toBe(said.answer);
    expect(cities).toEqual(["Paris"]);
  });

  test("what applications send by habit is no error", async () => {
    const { data, response } = await client()
      .chat.completions.create({
        model,
        messages: [{ role: "developer", content: "Be short." }, ...messages],
        store: false,
        user: "u-1",
        seed: 7,
        n: 1,
        metadata: { app: "test" },
        presence_penalty: 0,
        frequency_penalty: 0,
        service_tier: "auto",
        max_completion_tokens: 100,
        temperature: 0.2,
        top_p: 0.9,
        logit_bias: {},
        modalities: ["text"],
        stop: ["END"],
      })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(said.answer);
    expect(response.headers.get("x-request-id")).toBeTruthy();
  });
});

describe("openai's error classes on a model of Bedrock", () => {
  const cases = [
    [400, "ValidationException", OpenAI.BadRequestError],
    [403, "AccessDeniedException", OpenAI.PermissionDeniedError],
    [404, "ResourceNotFoundException", OpenAI.NotFoundError],
    [500, "InternalServerException", OpenAI.InternalServerError],
  ] as const;
  test.each(cases)("%p %s", async (status, name, kind) => {
    stand.play(() => awsError(status, name, "Something is wrong with it.", { "x-should-retry": "false" }));
    for (const stream of [false, true]) {
      const call = client().chat.completions.create({ model: models.nova, messages, stream });
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(kind);
      if (error instanceof OpenAI.APIError) expect(error.message).toContain("Something is wrong with it.");
    }
  });
});

test("the list of models, one of them, and what is not served", async () => {
  const listed = await Array.fromAsync(client().models.list());
  expect(listed.every((model) => model.object === "model")).toBe(true);
  const error: unknown = await client()
    .embeddings.create({ model: models.nova, input: "x" })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.NotFoundError);
});
