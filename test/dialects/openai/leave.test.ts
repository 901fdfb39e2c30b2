import { expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { bodyWith, hello, left, parts, talk } from "./bodies.ts";

const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };

test.each([
  ["unknown top-level key", bodyWith({ future: { a: 1 } }), "future"],
  [
    "hints",
    bodyWith({ logit_bias: { "5": 1 }, store: true, verbosity: "low", prediction: { type: "content" } }),
    "logit_bias,store,verbosity,prediction",
  ],
  [
    "cache routing",
    bodyWith({ prompt_cache_key: "k", prompt_cache_retention: "24h", prompt_cache_options: { mode: "explicit" } }),
    "prompt_cache_key,prompt_cache_retention,prompt_cache_options",
  ],
  [
    "obfuscation",
    bodyWith({ stream: true, stream_options: { include_usage: true, include_obfuscation: false } }),
    "stream_options.include_obfuscation",
  ],
  ["two limits that differ", bodyWith({ max_tokens: 5, max_completion_tokens: 6 }), "max_tokens"],
  ["two limits that agree", bodyWith({ max_tokens: 5, max_completion_tokens: 5 }), ""],
  [
    "two choices of a tool",
    bodyWith({ tool_choice: "none", functions: [{ name: "f" }], function_call: { name: "f" } }),
    "function_call",
  ],
  [
    "two choices of a tool that agree",
    bodyWith({ tool_choice: "none", functions: [{ name: "f" }], function_call: "none" }),
    "",
  ],
  ["a second user id", bodyWith({ user: "u", safety_identifier: "s" }), "user"],
  ["effort beside thinking", bodyWith({ reasoning_effort: "low", thinking: { type: "adaptive" } }), "reasoning_effort"],
  ["unknown keys of output_config", bodyWith({ output_config: { effort: "low", task: 1 } }), "output_config.task"],
  ["spellings the hub carries", bodyWith({ stop: "x", response_format: { type: "text" }, stream: false }), ""],
  [
    "unknown keys of response_format",
    bodyWith({ response_format: { type: "json_schema", x: 1, json_schema: { name: "n", schema: {}, y: 2 } } }),
    "response_format.x,response_format.json_schema.y",
  ],
  ["developer", talk({ role: "developer", content: "x" }, hello), ""],
  ["names", talk({ role: "user", content: "x", name: "ann" }), "messages[0].name"],
  [
    "K30 image detail",
    parts({ type: "image_url", image_url: { url: "https://a/b", detail: "high" } }),
    "messages[0].content[0].image_url.detail",
  ],
  ["unknown keys of a part", parts({ type: "text", text: "x", mood: "good" }), "messages[0].content[0].mood"],
  [
    "cache points and guards, which the hub carries",
    parts({ type: "text", text: "x", cache_control: { type: "ephemeral" }, guard_content: true }),
    "",
  ],
  [
    "a cache point without anything to stand behind",
    talk(hello, { role: "assistant", content: null, cache_control: { type: "ephemeral" } }),
    "messages[1].cache_control",
  ],
  [
    "empty leftovers of an answer",
    talk(hello, { role: "assistant", content: "x", refusal: null, annotations: [], audio: null, tool_calls: [] }),
    "",
  ],
  [
    "citations of history",
    talk(hello, { role: "assistant", content: "x", annotations: [{ type: "url_citation" }] }),
    "messages[1].annotations",
  ],
  ["a stream index on a call", talk(hello, { role: "assistant", tool_calls: [{ ...call, index: 0 }] }), ""],
  [
    "unknown keys of a call",
    talk(hello, { role: "assistant", tool_calls: [{ ...call, x: 1, function: { ...call.function, y: 2 } }] }),
    "messages[1].tool_calls[0].x,messages[1].tool_calls[0].function.y",
  ],
  [
    "unknown keys of a tool",
    bodyWith({
      tools: [{ type: "function", x: 1, function: { name: "f", y: 2, cache_control: { type: "ephemeral" } } }],
    }),
    "tools[0].x,tools[0].function.y",
  ],
  [
    "a custom tool's format",
    bodyWith({ tools: [{ type: "custom", custom: { name: "f", format: { type: "text" } } }] }),
    "",
  ],
] satisfies [string, JsonObject, string][])("lost outside OpenAI: %s", (_, body, expected) => {
  expect(left(body).split(",").sort()).toEqual(expected.split(",").sort());
});

test("an answer of ours, replayed: its plain reasoning repeats the signed blocks where those are replayed", () => {
  const body = talk(hello, {
    role: "assistant",
    content: "x",
    reasoning_content: "hm",
    thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "S" }],
  });
  expect(left(body, "anthropic.claude-sonnet-4-5-20250929-v1:0")).toBe("");
  expect(left(body)).toBe("messages[1].reasoning_content");
});
