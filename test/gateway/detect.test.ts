import { describe, expect, test } from "bun:test";
import { Body } from "../../src/gateway/body.ts";
import { detect } from "../../src/gateway/detect.ts";

const judge = (value: object, headers: Record<string, string> = {}) =>
  detect(new Body(new TextEncoder().encode(JSON.stringify(value)), 128), new Headers(headers)).dialect;
const user = [{ role: "user", content: "x" }];

describe("detect (mapping I.4, original.md cases 9-18)", () => {
  const rows: [string, object, string][] = [
    ["model and messages", { model: "m", messages: user, temperature: 1, max_tokens: 5 }, "openai"],
    [
      "anthropic_version of any value",
      { anthropic_version: "bedrock-2024-01-01", messages: user, max_tokens: 1 },
      "bedrock_claude",
    ],
    [
      "inputText with a configuration",
      { inputText: "x", textGenerationConfig: { maxTokenCount: 1000 } },
      "bedrock_titan",
    ],
    ["inputText alone", { model: "m", inputText: "x" }, "bedrock_titan"],
    [
      "OpenAI tools and a string tool_choice",
      { messages: user, tools: [{ type: "function", function: { name: "f" } }], tool_choice: "auto" },
      "openai",
    ],
    [
      "Claude tools and an object tool_choice",
      { messages: user, tools: [{ name: "f", input_schema: {} }], tool_choice: { type: "auto" } },
      "bedrock_claude",
    ],
    ["messages without a model", { messages: user }, "openai"],
    [
      "T-60: max_tokens and a named tool_choice object are evidence of nothing",
      {
        messages: user,
        max_tokens: 5,
        tools: [{ type: "function", function: { name: "f" } }],
        tool_choice: { type: "function", function: { name: "f" } },
      },
      "openai",
    ],
    ["top-level system", { model: "m", system: "s", max_tokens: 1, messages: user }, "bedrock_claude"],
    ["stop_sequences", { messages: user, stop_sequences: ["a"] }, "bedrock_claude"],
    [
      "a tool_use block",
      { messages: [{ role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] }] },
      "bedrock_claude",
    ],
    [
      "an image with a source",
      { messages: [{ role: "user", content: [{ type: "image", source: { type: "base64" } }] }] },
      "bedrock_claude",
    ],
    [
      "a thinking part beside OpenAI's own keys",
      {
        messages: [
          { role: "system", content: "s" },
          { role: "assistant", content: [{ type: "thinking", thinking: "t", signature: "s" }] },
        ],
      },
      "openai",
    ],
  ];
  for (const [name, body, dialect] of rows) test(name, () => expect(judge(body)).toBe(dialect));

  test("the header anthropic-version decides too", () =>
    expect(judge({ messages: user }, { "anthropic-version": "2023-06-01" })).toBe("bedrock_claude"));

  const refused: [string, object, RegExp][] = [
    ["wrong case", { Model: "m", Messages: [] }, /Unrecognized request format/],
    ["prompt only", { model: "m", prompt: "x" }, /needs 'messages'/],
    ["input only", { model: "m", input: "x" }, /needs 'messages'/],
    ["nothing known", { model: "m", some_unknown_field: 1 }, /Unrecognized request format/],
    [
      "system at the top and a system message",
      { system: "a", messages: [{ role: "system", content: "b" }] },
      /mixes two formats: system .*role 'system'/,
    ],
    ["inputText and messages", { inputText: "a", messages: user }, /mixes two formats/],
    ["stop_sequences and stop", { messages: user, stop: "a", stop_sequences: ["b"] }, /mixes two formats/],
  ];
  for (const [name, body, message] of refused) test(`400: ${name}`, () => expect(() => judge(body)).toThrow(message));
});
