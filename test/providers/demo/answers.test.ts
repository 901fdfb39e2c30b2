import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { said, send, spoken, streamed, textOf, whole } from "./ask.ts";

const weather = {
  type: "object",
  properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
  required: ["city"],
};
const openaiTools = [{ type: "function", function: { name: "get_weather", parameters: weather } }];

describe.each([...spoken])("in %s", (id) => {
  test("demo-echo says again what was said", async () => {
    expect(textOf(await whole(id, "demo-echo", said(id, "Hello, 👋🏽 world!")))).toBe("Hello, 👋🏽 world!");
  });

  test.each(["demo-echo", "demo-lorem", "demo-tools", "demo-reasoning", "demo-slow"])(
    "law fold: a stream of %s is its whole answer, and the same every time",
    async (model) => {
      const body = said(id, "one two  three\n\nfour");
      const { id: _, ...first } = await whole(id, model, body);
      const { id: __, ...again } = await whole(id, model, body);
      const { id: ___, ...stream } = await streamed(
        id,
        model,
        id === "openai" ? { ...body, stream_options: { include_usage: true } } : body,
      );
      expect(again).toEqual(first);
      expect(stream.content).toEqual(first.content);
      expect(stream.finish).toEqual(first.finish);
      expect(stream.usage).toMatchObject({ input: first.usage?.input, output: first.usage?.output });
    },
  );

  test("a whole answer counts its tokens", async () => {
    const { usage } = await whole(id, "demo-lorem", said(id, "a".repeat(400)));
    expect(usage?.input).toBe(103);
    expect(usage?.output).toBeGreaterThan(100);
  });
});

describe("demo-tools", () => {
  test("calls the first tool, then answers with its result", async () => {
    const first = await whole("openai", "demo-tools", { ...said("openai", "Weather?"), tools: openaiTools });
    const call = first.content.find((block) => block.type === "tool-call");
    if (call?.type !== "tool-call") throw new Error("no call");
    expect(first.finish.reason).toBe("tool-calls");
    expect(call.name).toBe("get_weather");
    expect(JSON.parse(call.input)).toEqual({ city: "example city", unit: "celsius" });
    const second = await whole("openai", "demo-tools", {
      tools: openaiTools,
      messages: [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: call.id, type: "function", function: { name: call.name, arguments: call.input } }],
        },
        { role: "tool", tool_call_id: call.id, content: "22 degrees" },
      ],
    });
    expect(textOf(second)).toBe("`get_weather` answered: 22 degrees");
    expect(second.finish.reason).toBe("stop");
  });

  test("Claude's tools too, and streams arguments in pieces", async () => {
    const tools = [{ name: "get_weather", input_schema: weather }];
    const body = { ...said("bedrock_claude", "Weather?"), tools };
    const answer = await streamed("bedrock_claude", "demo-tools", body);
    expect(answer.finish.reason).toBe("tool-calls");
    expect(answer.content.at(-1)).toMatchObject({ type: "tool-call", name: "get_weather" });
  });

  test("obeys the choice", async () => {
    const tools = [...openaiTools, { type: "function", function: { name: "other" } }];
    const body = { ...said("openai", "x"), tools };
    const named = { ...body, tool_choice: { type: "function", function: { name: "other" } } };
    expect((await whole("openai", "demo-tools", named)).content.at(-1)).toMatchObject({ name: "other", input: "{}" });
    const none = await whole("openai", "demo-tools", { ...body, tool_choice: "none" });
    expect(none.content.map(({ type }) => type)).toEqual(["text"]);
  });
});

test("demo-reasoning thinks before it answers", async () => {
  const { content, usage } = await whole("bedrock_claude", "demo-reasoning", said("bedrock_claude", "two words"));
  expect(content.map(({ type }) => type)).toEqual(["reasoning", "text"]);
  expect(usage?.reasoning).toBeGreaterThan(10);
  expect(textOf(await whole("openai", "demo-reasoning", said("openai", "two words")))).toBe("You said: two words");
});

test("structured output fits the schema", async () => {
  const schema: JsonObject = {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer", minimum: 18 } },
    required: ["name", "age"],
    additionalProperties: false,
  };
  const response_format = { type: "json_schema", json_schema: { name: "person", schema, strict: true } };
  const answer = await whole("openai", "demo-echo", { ...said("openai", "who?"), response_format });
  expect(JSON.parse(textOf(answer))).toEqual({ name: "example name", age: 18 });
  const object = { ...said("openai", "who?"), response_format: { type: "json_object" } };
  expect(JSON.parse(textOf(await whole("openai", "demo-echo", object)))).toEqual({ answer: "who?" });
});

test("limits end a text: a stop string, then tokens", async () => {
  const stopped = await whole("bedrock_claude", "demo-echo", {
    ...said("bedrock_claude", "one two three"),
    stop_sequences: ["three", "two"],
  });
  expect(textOf(stopped)).toBe("one ");
  expect(stopped.finish).toMatchObject({ reason: "stop-sequence", sequence: "two" });
  const short = await whole("openai", "demo-lorem", { ...said("openai", "x"), max_completion_tokens: 3 });
  expect(short.finish.reason).toBe("length");
  expect(short.usage?.output).toBe(3);
});

test("tokens sets the length of demo-lorem", async () => {
  const answer = await whole("openai", "demo-lorem", { ...said("openai", "x"), demo: { tokens: 1234 } });
  expect(answer.usage?.output).toBe(1234);
});

test("a request for another kind of answer is refused", async () => {
  const many = send("openai", "demo-echo", { ...said("openai", "x"), n: 2 }, false);
  await expect(many).rejects.toMatchObject({ status: 400, param: "n" });
});
