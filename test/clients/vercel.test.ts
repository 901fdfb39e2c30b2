/** Vercel's AI SDK, unchanged, by its OpenAI provider and by the one for compatible servers. */
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from "ai";
import { afterEach, describe, expect, test } from "bun:test";
import { z } from "zod";
import { awsError } from "../fakes/converse.ts";
import { said, structured, weatherModel } from "../fakes/weather-model.ts";
import { between, everyModel, key, models } from "./between.ts";

const stand = between();
afterEach(() => stand.play(weatherModel));
const prompt = "Weather in Paris?";
const schema = z.object({ city: z.string(), celsius: z.number() });

type Provider = (model: string) => LanguageModel;
const official: Provider = (model) => createOpenAI({ baseURL: `${stand.url}/v1`, apiKey: key }).chat(model);
const compatible: Provider = (model) =>
  createOpenAICompatible({
    name: "gateway",
    baseURL: `${stand.url}/v1`,
    apiKey: key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })(model);
const providers = { "@ai-sdk/openai": official, "@ai-sdk/openai-compatible": compatible };
const runs = Object.entries(providers).flatMap(([name, provider]) =>
  everyModel.map(([kind, model]) => ({ name, kind, provider, model })),
);

describe.each(runs)("$name on $kind", ({ provider, model }) => {
  test("generateText and streamText give the same text and usage", async () => {
    const whole = await generateText({ model: provider(model), prompt, maxRetries: 0 });
    expect(whole.text).toBe(said.answer);
    expect(whole.finishReason).toBe("stop");
    const stream = streamText({ model: provider(model), prompt, maxRetries: 0 });
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    expect(text).toBe(said.answer);
    expect(await stream.finishReason).toBe("stop");
    expect((await stream.usage).totalTokens).toBe(whole.usage.totalTokens ?? 0);
    expect(whole.usage.totalTokens).toBe(13);
  });

  test("structured output, whole and streamed", async () => {
    const whole = await generateText({
      model: provider(model),
      prompt,
      output: Output.object({ schema }),
      maxRetries: 0,
    });
    expect(whole.output).toEqual(structured);
    const stream = streamText({ model: provider(model), prompt, output: Output.object({ schema }), maxRetries: 0 });
    await stream.consumeStream();
    expect(await stream.output).toEqual(structured);
  });

  test("tools over two steps, whole and streamed", async () => {
    for (const streamed of [false, true]) {
      const cities: string[] = [];
      const getWeather = tool({
        description: "Weather of a city",
        inputSchema: z.object({ city: z.string() }),
        execute: ({ city }) => (cities.push(city), "sunny"),
      });
      const asked = {
        model: provider(model),
        prompt,
        tools: { getWeather },
        stopWhen: stepCountIs(3),
        maxRetries: 0,
      };
      if (streamed) {
        const stream = streamText(asked);
        await stream.consumeStream();
        expect(await stream.text).toBe(said.answer);
        expect((await stream.steps).map((step) => step.finishReason)).toEqual(["tool-calls", "stop"]);
      } else {
        const whole = await generateText(asked);
        expect(whole.text).toBe(said.answer);
        expect(whole.steps.map((step) => step.finishReason)).toEqual(["tool-calls", "stop"]);
      }
      expect(cities).toEqual(["Paris"]);
    }
  });
});

test("reasoning that was asked for arrives as reasoning", async () => {
  const model = compatible(models.native);
  const asked = { model, prompt, providerOptions: { gateway: { reasoningEffort: "low" } }, maxRetries: 0 };
  const whole = await generateText(asked);
  expect(whole.reasoningText).toBe(said.thought);
  const stream = streamText(asked);
  await stream.consumeStream();
  expect(await stream.reasoningText).toBe(said.thought);
  expect(await stream.text).toBe(said.answer);
});

test.each(Object.entries(providers))(
  "%s: an upstream's refusal is an APICallError with its text",
  async (_, provider) => {
    stand.play(() => awsError(400, "ValidationException", "The model does not like that."));
    const failed = await generateText({ model: provider(models.nova), prompt, maxRetries: 0 }).catch((e: unknown) => e);
    expect(APICallError.isInstance(failed)).toBe(true);
    if (APICallError.isInstance(failed)) {
      expect(failed.statusCode).toBe(400);
      expect(failed.message).toContain("The model does not like that.");
    }
  },
);
