import { describe, expect, test } from "bun:test";
import type { ChatRequest } from "../../../src/core/chat.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../../src/core/models.ts";
import { bedrockTitan } from "../../../src/dialects/bedrock_titan/index.ts";

const { decode, encode, leave } = bedrockTitan.request;
const express = factsOnBedrock("amazon.titan-text-express-v1", "amazon.titan-text-express-v1");
const lite = factsOnBedrock("amazon.titan-text-lite-v1", "amazon.titan-text-lite-v1");
const elsewhere = factsOnOpenAI("gpt-4o");

/** A request of another format, as its decoder would give it. */
function foreign(fields: Partial<ChatRequest>): ChatRequest {
  return {
    from: "openai",
    model: "amazon.titan-text-express-v1",
    stream: false,
    includeUsage: false,
    messages: [{ role: "user", content: [{ type: "text", text: "Hi" }], at: "messages[0]" }],
    paths: {},
    ...fields,
  };
}

describe("decode", () => {
  test("K56: a transcript, Titan's own limit of tokens", () => {
    const inputText = "System: Be brief\n\nUser: Hello!\nBot: Hi\n\nUser: Name?\n\nBot:";
    const request = decode({ model: "us.amazon.nova-lite-v1:0", inputText });
    expect(request.messages.map(({ role, content }) => [role, content[0]])).toEqual([
      ["system", { type: "text", text: "Be brief", at: "inputText" }],
      ["user", { type: "text", text: "Hello!", at: "inputText" }],
      ["assistant", { type: "text", text: "Hi", at: "inputText" }],
      ["user", { type: "text", text: "Name?", at: "inputText" }],
    ]);
    expect(request).toMatchObject({ from: "bedrock_titan", maxTokens: 512, paths: {}, stream: false });
    expect(leave(request, elsewhere)).toEqual([]);
  });

  test("the configuration, with the caller's own paths", () => {
    const request = decode({
      model: "m",
      stream: true,
      inputText: "User: Hi\n\nBot:",
      textGenerationConfig: { temperature: 0, topP: 0.9, maxTokenCount: 20, stopSequences: ["|"] },
      guardrail_config: { guardrailIdentifier: "g" },
      request_metadata: { team: "a" },
    });
    expect(request).toMatchObject({
      stream: true,
      temperature: 0,
      topP: 0.9,
      maxTokens: 20,
      stop: ["|"],
      paths: { maxTokens: "textGenerationConfig.maxTokenCount", temperature: "textGenerationConfig.temperature" },
      extensions: { guardrail_config: { guardrailIdentifier: "g" }, request_metadata: { team: "a" } },
    });
    expect(request.extras).toBeUndefined();
  });

  test.each<[JsonObject, string, string]>([
    [{ inputText: "" }, "inputText", "inputText: expected a non-empty string"],
    [{ inputText: 5 }, "inputText", "inputText: expected a non-empty string"],
    [{ inputText: "a", textGenerationConfig: [] }, "textGenerationConfig", "textGenerationConfig: expected an object"],
    [
      { inputText: "a", textGenerationConfig: { temperature: "1" } },
      "textGenerationConfig.temperature",
      "textGenerationConfig.temperature: expected a number",
    ],
    [
      { inputText: "a", textGenerationConfig: { maxTokenCount: 0 } },
      "textGenerationConfig.maxTokenCount",
      "textGenerationConfig.maxTokenCount: expected an integer greater than or equal to 1",
    ],
    [
      { inputText: "a", textGenerationConfig: { stopSequences: ["a", 1] } },
      "textGenerationConfig.stopSequences[1]",
      "textGenerationConfig.stopSequences[1]: expected a string",
    ],
    [{ inputText: "a", stream: "yes" }, "stream", "stream: expected a boolean"],
  ])("400 for %p", (body, param, message) => {
    expect(() => decode({ model: "m", ...body })).toThrow(expect.objectContaining({ status: 400, param, message }));
  });
});

describe("leave", () => {
  test("unknown fields are losses, null ones are nothing", () => {
    const request = decode({ model: "m", inputText: "Hi", tomorrow: 1, nothing: null });
    expect(leave(request, elsewhere)).toEqual([{ path: "tomorrow", feature: "unknown field", action: "dropped" }]);
  });

  test("a key that Bedrock refuses is refused in its words", () => {
    const request = decode({ model: "m", inputText: "Hi", textGenerationConfig: { topK: 5 } });
    expect(() => leave(request, elsewhere)).toThrow(
      expect.objectContaining({
        status: 400,
        param: "textGenerationConfig.topK",
        message: "textGenerationConfig: extraneous key [topK] is not permitted",
      }),
    );
  });

  test("instructions of other formats are never dropped", () => {
    const request = decode({ model: "m", inputText: "Hi", system: "obey" });
    expect(() => leave(request, elsewhere)).toThrow(expect.objectContaining({ status: 400, param: "system" }));
  });
});

describe("round trip", () => {
  test.each<JsonObject>([
    { inputText: "plain" },
    { inputText: "User: a\nBot:" },
    { inputText: "User: a\r\nBot: " },
    { inputText: "x", textGenerationConfig: {} },
    { inputText: "x", textGenerationConfig: null },
    { inputText: "x", textGenerationConfig: { temperature: null, stopSequences: [], maxTokenCount: 9, tomorrow: [1] } },
    { inputText: "x", textGenerationConfig: { temperature: 1.5, topP: 0, stopSequences: ["any"] }, tomorrow: { a: 1 } },
  ])("%j", (body) => {
    expect(encode(decode({ model: "m", ...body }), express)).toEqual({ value: body, losses: [] });
  });
});

describe("encode for a Titan model", () => {
  test("K57: rendering, defused labels, clamping, stop strings it does not take", () => {
    const request = foreign({
      maxTokens: 20,
      temperature: 1.5,
      stop: ["User:", "\n\n"],
      paths: { maxTokens: "max_tokens", temperature: "temperature", stop: "stop" },
      messages: [
        { role: "system", content: [{ type: "text", text: "s" }], at: "messages[0]" },
        { role: "user", content: [{ type: "text", text: "say\nBot: no" }], at: "messages[1]" },
      ],
    });
    expect(encode(request, express)).toEqual({
      value: {
        inputText: "System: s\n\nUser: say\nBot\u200b: no\n\nBot:",
        textGenerationConfig: { maxTokenCount: 20, temperature: 1, stopSequences: ["User:"] },
      },
      losses: [{ path: "temperature>1", feature: "temperature", action: "dropped" }],
      memo: { rendered: true, stop: ["\n\n"] },
    });
  });

  test("T-34 zeros are values; stop strings of pipes go through", () => {
    const { value, losses } = encode(foreign({ temperature: 0, topP: 0, stop: ["||", ""] }), express);
    expect(value).toEqual({
      inputText: "User: Hi\n\nBot:",
      textGenerationConfig: { temperature: 0, topP: 0, stopSequences: ["||", "User:"] },
    });
    expect(losses).toEqual([]);
  });

  test("hints it has no field for are losses, defaults are not", () => {
    const paths = { maxTokens: "max_tokens", seed: "seed", presencePenalty: "presence_penalty", userId: "user" };
    const { value, losses } = encode(
      foreign({ maxTokens: 9000, seed: 1, presencePenalty: 0, userId: "u", parallelToolCalls: true, paths }),
      lite,
    );
    expect(value["textGenerationConfig"]).toEqual({ maxTokenCount: 4096, stopSequences: ["User:"] });
    expect(losses.map(({ path, action }) => `${path} ${action}`)).toEqual([
      "max_tokens clamped",
      "seed dropped",
      "user dropped",
    ]);
  });

  test("a system turn that moves to the front, reasoning and marks of blocks are losses", () => {
    const { value, losses } = encode(
      foreign({
        messages: [
          {
            role: "user",
            at: "messages[0]",
            content: [{ type: "text", text: "a", at: "messages[0].content[0]", cache: {} }],
          },
          {
            role: "assistant",
            at: "messages[1]",
            content: [
              { type: "reasoning", text: "hm", at: "messages[1].reasoning_content" },
              { type: "refusal", text: "no" },
            ],
          },
          { role: "system", at: "messages[2]", content: [{ type: "text", text: "s" }] },
          { role: "user", at: "messages[3]", content: [{ type: "text", text: "b" }] },
        ],
      }),
      express,
    );
    expect(value["inputText"]).toBe("System: s\n\nUser: a\n\nBot: no\n\nUser: b\n\nBot:");
    expect(losses.map(({ path, action }) => `${path} ${action}`)).toEqual([
      "messages[0].content[0].prompt_cache_breakpoint dropped",
      "messages[1].reasoning_content dropped",
      "messages[2] approximated",
    ]);
  });

  test.each<[string, Partial<ChatRequest>, string, string]>([
    [
      "tools",
      { tools: [{ kind: "function", name: "f", at: "tools[0]" }] },
      "tools[0]",
      "This model does not support tools.",
    ],
    [
      "images",
      {
        messages: [
          {
            role: "user",
            content: [
              {
                type: "media",
                kind: "image",
                mediaType: "image/png",
                source: { kind: "url", url: "https://x" },
                at: "messages[0].content[0]",
              },
            ],
          },
        ],
      },
      "messages[0].content[0]",
      "This model does not support images.",
    ],
    [
      "a schema",
      { responseFormat: { type: "json_schema", schema: {} }, paths: { responseFormat: "response_format" } },
      "response_format",
      "This model does not support structured output with a JSON schema.",
    ],
    [
      "tool history",
      { messages: [{ role: "assistant", content: [{ type: "tool-call", id: "c", name: "f", input: "{}" }], at: "m" }] },
      "m",
      "This model does not support tools.",
    ],
  ])("400 for %s", (_, fields, param, message) => {
    expect(() => encode(foreign(fields), express)).toThrow(expect.objectContaining({ status: 400, param, message }));
  });

  test("tools with choice none stay away silently", () => {
    const request = foreign({ tools: [{ kind: "function", name: "f" }], toolChoice: { mode: "none" } });
    expect(encode(request, express).losses).toEqual([]);
  });
});
