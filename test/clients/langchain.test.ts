/** LangChain's `ChatOpenAI`, unchanged. */
import { tool } from "@langchain/core/tools";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, test } from "bun:test";
import { z } from "zod";
import { awsError } from "../fakes/converse.ts";
import { said, structured, weatherModel } from "../fakes/weather-model.ts";
import { between, everyModel, key, models } from "./between.ts";

const stand = between();
afterEach(() => stand.play(weatherModel));
const chat = (model: string): ChatOpenAI =>
  new ChatOpenAI({
    model,
    apiKey: key,
    configuration: { baseURL: `${stand.url}/v1` },
    maxRetries: 0,
    streamUsage: true,
  });
const asked = "Weather in Paris?";
const schema = z.object({ city: z.string(), celsius: z.number() });
const getWeather = tool(() => "sunny", {
  name: "get_weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});

describe.each(everyModel)("ChatOpenAI on %s (%s)", (_, model) => {
  test("invoke and stream give the same text and usage", async () => {
    const whole = await chat(model).invoke(asked);
    expect(whole.text).toBe(said.answer);
    expect(whole).toMatchObject({ usage_metadata: { total_tokens: 13 } });
    let text = "";
    const usages: unknown[] = [];
    for await (const chunk of await chat(model).stream(asked)) {
      text += chunk.text;
      if (chunk.usage_metadata) usages.push(chunk.usage_metadata);
    }
    expect(text).toBe(said.answer);
    expect(usages).toMatchObject([{ total_tokens: 13 }]);
  });

  test("a tool's call, its result and the answer", async () => {
    const bound = chat(model).bindTools([getWeather]);
    const first = await bound.invoke([new HumanMessage(asked)]);
    const call = first.tool_calls?.[0];
    expect(call).toMatchObject({ name: "get_weather", args: said.arguments });
    const result = new ToolMessage({ content: "sunny", tool_call_id: call?.id ?? "" });
    const last = await bound.invoke([new HumanMessage(asked), first, result]);
    expect(last.text).toBe(said.answer);
    const seen = [];
    for await (const chunk of await bound.stream(asked)) seen.push(...(chunk.tool_call_chunks ?? []));
    expect(JSON.parse(seen.map((piece) => piece.args ?? "").join(""))).toEqual(said.arguments);
  });

  test.each(["jsonSchema", "functionCalling", "jsonMode"] as const)("withStructuredOutput by %s", async (method) => {
    if (method === "functionCalling") stand.play((exchange) => weatherModel(exchange, structured));
    expect(await chat(model).withStructuredOutput(schema, { method }).invoke(`${asked} Answer in JSON.`)).toEqual(
      structured,
    );
  });
});

test("an upstream's refusal keeps its status and text", async () => {
  stand.play(() => awsError(400, "ValidationException", "The model does not like that."));
  const failed: unknown = await chat(models.nova)
    .invoke(asked)
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ status: 400 });
  expect(String(failed)).toContain("The model does not like that.");
});
