/** Every check of mapping B.1–B.7 that reading a body makes: text, code and param, word by word. */
import { expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { thrownBy } from "../stages.ts";
import { bodyWith, decode, hello, left, parts, talk } from "./bodies.ts";

type Row = [name: string, body: JsonObject, message: string, param: string, code: string | null];

const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
const tool = { type: "function", function: { name: "f" } };
const range = (path: string, word: string, side: "below minimum" | "above maximum", bound: string, got: unknown) =>
  `Invalid '${path}': ${word} ${side} value. Expected a value ${bound}, but got ${String(got)} instead.`;
const wrongType = (path: string, expected: string, got: string) =>
  `Invalid type for '${path}': expected ${expected}, but got ${got} instead.`;
const missing = (path: string) => `Missing required parameter: '${path}'.`;
const supported = (value: string, list: string) => `Invalid value: '${value}'. Supported values are: ${list}.`;
const empty = (path: string) =>
  `Invalid '${path}': empty array. Expected an array with minimum length 1, but got an empty array instead.`;

const limits: Row[] = ["max_tokens", "max_completion_tokens"].flatMap((path): Row[] => [
  [
    `${path} 0`,
    bodyWith({ [path]: 0 }),
    range(path, "integer", "below minimum", ">= 1", 0),
    path,
    "integer_below_min_value",
  ],
  [
    `${path} 1.5`,
    bodyWith({ [path]: 1.5 }),
    wrongType(path, "an integer", "a decimal number"),
    path,
    "integer_below_min_value",
  ],
  [`${path} text`, bodyWith({ [path]: "9" }), wrongType(path, "an integer", "a string"), path, "invalid_type"],
]);
const decimals: Row[] = (
  [
    ["temperature", 0, 2],
    ["top_p", 0, 1],
    ["frequency_penalty", -2, 2],
    ["presence_penalty", -2, 2],
  ] as const
).flatMap(([path, low, high]): Row[] => [
  [
    `${path} low`,
    bodyWith({ [path]: low - 0.5 }),
    range(path, "decimal", "below minimum", `>= ${low}`, low - 0.5),
    path,
    "decimal_below_min_value",
  ],
  [
    `${path} high`,
    bodyWith({ [path]: high + 0.5 }),
    range(path, "decimal", "above maximum", `<= ${high}`, high + 0.5),
    path,
    "decimal_above_max_value",
  ],
  [`${path} text`, bodyWith({ [path]: "1" }), wrongType(path, "a number", "a string"), path, "invalid_type"],
]);

const params: Row[] = [
  ["no model", { messages: [hello] }, missing("model"), "model", "missing_required_parameter"],
  ["stream text", bodyWith({ stream: "yes" }), wrongType("stream", "a boolean", "a string"), "stream", "invalid_type"],
  [
    "stream_options without stream",
    bodyWith({ stream_options: { include_usage: true } }),
    "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    "stream_options",
    null,
  ],
  [
    "five stops",
    bodyWith({ stop: ["1", "2", "3", "4", "5"] }),
    "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
    "stop",
    "array_above_max_length",
  ],
  [
    "stop number",
    bodyWith({ stop: 7 }),
    wrongType("stop", "one of a string or array of strings", "an integer"),
    "stop",
    "invalid_type",
  ],
  [
    "stop item",
    bodyWith({ stop: ["a", 1] }),
    wrongType("stop[1]", "a string", "an integer"),
    "stop[1]",
    "invalid_type",
  ],
  ["n 0", bodyWith({ n: 0 }), range("n", "integer", "below minimum", ">= 1", 0), "n", "integer_below_min_value"],
  [
    "n 129",
    bodyWith({ n: 129 }),
    range("n", "integer", "above maximum", "<= 128", 129),
    "n",
    "integer_above_max_value",
  ],
  ["seed", bodyWith({ seed: 1.5 }), wrongType("seed", "an integer", "a decimal number"), "seed", "invalid_type"],
  [
    "top_logprobs 21",
    bodyWith({ logprobs: true, top_logprobs: 21 }),
    range("top_logprobs", "integer", "above maximum", "<= 20", 21),
    "top_logprobs",
    "integer_above_max_value",
  ],
  [
    "effort",
    bodyWith({ reasoning_effort: "huge" }),
    supported("huge", "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'"),
    "reasoning_effort",
    "invalid_value",
  ],
  [
    "service tier",
    bodyWith({ service_tier: "gold" }),
    supported("gold", "'auto', 'default', 'flex', 'scale', 'priority', and 'fast'"),
    "service_tier",
    "invalid_value",
  ],
  [
    "verbosity",
    bodyWith({ verbosity: "mute" }),
    supported("mute", "'low', 'medium', and 'high'"),
    "verbosity",
    "invalid_value",
  ],
  [
    "modalities",
    bodyWith({ modalities: ["smell"] }),
    supported("smell", "'text' and 'audio'"),
    "modalities[0]",
    "invalid_value",
  ],
  [
    "logit_bias",
    bodyWith({ logit_bias: [] }),
    wrongType("logit_bias", "an object", "an array"),
    "logit_bias",
    "invalid_type",
  ],
  [
    "17 metadata pairs",
    bodyWith({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, "v"])) }),
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
    "metadata",
    "object_above_max_properties",
  ],
  [
    "metadata number",
    bodyWith({ metadata: { a: 1 } }),
    wrongType("metadata.a", "a string", "an integer"),
    "metadata.a",
    "invalid_type",
  ],
  [
    "metadata value",
    bodyWith({ metadata: { a: "v".repeat(513) } }),
    "Invalid 'metadata.a': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
    "metadata.a",
    "string_above_max_length",
  ],
  [
    "safety_identifier",
    bodyWith({ safety_identifier: "s".repeat(129) }),
    "Invalid 'safety_identifier': string too long. Expected a string with maximum length 128, but got a string with length 129 instead.",
    "safety_identifier",
    "string_above_max_length",
  ],
  [
    "guardrail",
    bodyWith({ guardrail_config: "g" }),
    wrongType("guardrail_config", "an object", "a string"),
    "guardrail_config",
    "invalid_type",
  ],
  [
    "thinking budget",
    bodyWith({ thinking: { type: "enabled", budget_tokens: 5 } }),
    range("thinking.budget_tokens", "integer", "below minimum", ">= 1024", 5),
    "thinking.budget_tokens",
    "integer_below_min_value",
  ],
  [
    "thinking budget above max_tokens",
    bodyWith({ max_tokens: 1024, thinking: { type: "enabled", budget_tokens: 1024 } }),
    "`max_tokens` must be greater than `thinking.budget_tokens`",
    "thinking.budget_tokens",
    "invalid_value",
  ],
];

const tools: Row[] = [
  ["tools []", bodyWith({ tools: [] }), empty("tools"), "tools", "empty_array"],
  ["functions []", bodyWith({ functions: [] }), empty("functions"), "functions", "empty_array"],
  [
    "129 tools",
    bodyWith({ tools: Array.from({ length: 129 }, (_, i) => ({ type: "function", function: { name: `f${i}` } })) }),
    "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
    "tools",
    "array_above_max_length",
  ],
  [
    "tool type",
    bodyWith({ tools: [{ type: "magic" }] }),
    supported("magic", "'function' and 'custom'"),
    "tools[0].type",
    "invalid_value",
  ],
  [
    "tool without function",
    bodyWith({ tools: [{ type: "function" }] }),
    missing("tools[0].function"),
    "tools[0].function",
    "missing_required_parameter",
  ],
  [
    "tool name",
    bodyWith({ tools: [{ type: "function", function: { name: "a b" } }] }),
    "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
    "tools[0].function.name",
    "invalid_value",
  ],
  [
    "tool name too long",
    bodyWith({ tools: [{ type: "function", function: { name: "n".repeat(65) } }] }),
    "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
    "tools[0].function.name",
    "string_above_max_length",
  ],
  [
    "schema type",
    bodyWith({ tools: [{ type: "function", function: { name: "f", parameters: { type: "array" } } }] }),
    `Invalid schema for function 'f': schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`,
    "tools[0].function.parameters",
    "invalid_function_parameters",
  ],
  [
    "strict",
    bodyWith({ tools: [{ type: "function", function: { name: "f", strict: 1 } }] }),
    wrongType("tools[0].function.strict", "a boolean", "an integer"),
    "tools[0].function.strict",
    "invalid_type",
  ],
  ["two of a name", bodyWith({ tools: [tool, tool] }), "Duplicate tool name 'f'.", "tools", "invalid_value"],
  [
    "tools and functions",
    bodyWith({ tools: [tool], functions: [{ name: "f" }] }),
    "Cannot specify both 'tools' and 'functions'.",
    "functions",
    null,
  ],
  [
    "choice without tools",
    bodyWith({ tool_choice: "required" }),
    "'tool_choice' is only allowed when 'tools' are specified.",
    "tool_choice",
    null,
  ],
  [
    "parallel without tools",
    bodyWith({ parallel_tool_calls: true }),
    "'parallel_tool_calls' is only allowed when 'tools' are specified.",
    "parallel_tool_calls",
    null,
  ],
  [
    "unknown choice",
    bodyWith({ tools: [tool], tool_choice: { type: "function", function: { name: "g" } } }),
    "Tool choice 'g' not found in 'tools' parameter.",
    "tool_choice",
    null,
  ],
  [
    "unknown allowed tool",
    bodyWith({
      tools: [tool],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "function", function: { name: "g" } }] },
      },
    }),
    "Tool choice 'g' not found in 'tools' parameter.",
    "tool_choice",
    null,
  ],
  [
    "choice word",
    bodyWith({ tools: [tool], tool_choice: "any" }),
    supported("any", "'none', 'auto', and 'required'"),
    "tool_choice",
    "invalid_value",
  ],
  [
    "response_format without a name",
    bodyWith({ response_format: { type: "json_schema", json_schema: { schema: {} } } }),
    missing("response_format.json_schema.name"),
    "response_format.json_schema.name",
    "missing_required_parameter",
  ],
  [
    "response_format type",
    bodyWith({ response_format: { type: "xml" } }),
    supported("xml", "'json_object', 'json_schema', and 'text'"),
    "response_format.type",
    "invalid_value",
  ],
];

const messages: Row[] = [
  ["no messages", { model: "m" }, missing("messages"), "messages", "missing_required_parameter"],
  [
    "messages text",
    { model: "m", messages: "x" },
    wrongType("messages", "an array of objects", "a string"),
    "messages",
    "invalid_type",
  ],
  ["messages []", { model: "m", messages: [] }, empty("messages"), "messages", "empty_array"],
  [
    "message text",
    { model: "m", messages: ["x"] },
    wrongType("messages[0]", "an object", "a string"),
    "messages[0]",
    "invalid_type",
  ],
  [
    "name",
    talk({ role: "user", content: "x", name: 1 }),
    wrongType("messages[0].name", "a string", "an integer"),
    "messages[0].name",
    "invalid_type",
  ],
  ["no role", talk({ content: "x" }), missing("messages[0].role"), "messages[0].role", "missing_required_parameter"],
  [
    "role",
    talk({ role: "robot", content: "x" }),
    supported("robot", "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"),
    "messages[0].role",
    "invalid_value",
  ],
  [
    "content number",
    talk({ role: "user", content: 5 }),
    wrongType("messages[0].content", "one of a string or array of objects", "an integer"),
    "messages[0].content",
    "invalid_type",
  ],
  [
    "part text",
    parts("x"),
    wrongType("messages[0].content[0]", "an object", "a string"),
    "messages[0].content[0]",
    "invalid_type",
  ],
  [
    "part without type",
    parts({ text: "x" }),
    missing("messages[0].content[0].type"),
    "messages[0].content[0].type",
    "missing_required_parameter",
  ],
  [
    "text part",
    parts({ type: "text" }),
    missing("messages[0].content[0].text"),
    "messages[0].content[0].text",
    "missing_required_parameter",
  ],
  [
    "image_url as a number",
    talk(hello, hello, { role: "user", content: [{ type: "image_url", image_url: 5 }] }),
    "Invalid type for 'messages[2].content[0].image_url': expected an object, but got an integer instead.",
    "messages[2].content[0].image_url",
    "invalid_type",
  ],
  [
    "image base64",
    parts({ type: "image_url", image_url: { url: "data:image/png;base64,@@@" } }),
    "Invalid base64 image_url.",
    "messages[0].content[0].image_url.url",
    "invalid_base64",
  ],
  [
    "image scheme",
    parts({ type: "image_url", image_url: { url: "ftp://a/b" } }),
    "Invalid image URL: 'ftp://a/b'. Expected a data URL or an http(s) URL.",
    "messages[0].content[0].image_url.url",
    "invalid_image_url",
  ],
  [
    "image detail",
    parts({ type: "image_url", image_url: { url: "https://a/b", detail: "huge" } }),
    supported("huge", "'auto', 'low', 'high', and 'original'"),
    "messages[0].content[0].image_url.detail",
    "invalid_value",
  ],
  [
    "audio format",
    parts({ type: "input_audio", input_audio: { data: "AAAA", format: "midi" } }),
    supported("midi", "'wav' and 'mp3'"),
    "messages[0].content[0].input_audio.format",
    "invalid_value",
  ],
  [
    "file without data",
    parts({ type: "file", file: {} }),
    missing("messages[0].content[0].file.file_data"),
    "messages[0].content[0].file.file_data",
    "missing_required_parameter",
  ],
  [
    "image in a system message",
    talk({ role: "system", content: [{ type: "image_url", image_url: { url: "https://a/b" } }] }),
    supported("image_url", "'text'"),
    "messages[0].content[0]",
    "invalid_value",
  ],
  [
    "tool without id",
    talk({ role: "tool", content: "r" }),
    missing("messages[0].tool_call_id"),
    "messages[0].tool_call_id",
    "missing_required_parameter",
  ],
  [
    "call without id",
    talk({ role: "assistant", tool_calls: [{ ...call, id: null }] }),
    missing("messages[0].tool_calls[0].id"),
    "messages[0].tool_calls[0].id",
    "missing_required_parameter",
  ],
  [
    "call type",
    talk({ role: "assistant", tool_calls: [{ ...call, type: "magic" }] }),
    supported("magic", "'function' and 'custom'"),
    "messages[0].tool_calls[0].type",
    "invalid_value",
  ],
  [
    "arguments object",
    talk({ role: "assistant", tool_calls: [{ ...call, function: { name: "f", arguments: {} } }] }),
    wrongType("messages[0].tool_calls[0].function.arguments", "a string", "an object"),
    "messages[0].tool_calls[0].function.arguments",
    "invalid_type",
  ],
  [
    "function result without a call",
    talk(hello, { role: "function", name: "f", content: "r" }),
    "Invalid parameter: messages with role 'function' must be a response to a preceeding message with 'function_call'.",
    "messages.[1].role",
    null,
  ],
];

test.each([...limits, ...decimals, ...params, ...tools, ...messages])("400: %s", (_, body, message, param, code) => {
  const error = thrownBy(() => decode(body));
  expect({ message: error.message, param: error.param, code: error.code, status: error.status }).toEqual({
    message,
    param,
    code,
    status: 400,
  });
});

const leaving: Row[] = [
  ["n 2", bodyWith({ n: 2 }), "This model does not support 'n' greater than 1.", "n", "unsupported_value"],
  [
    "logprobs (K18)",
    bodyWith({ logprobs: true, top_logprobs: 3 }),
    "This model does not support 'logprobs'.",
    "logprobs",
    "unsupported_parameter",
  ],
  [
    "top_logprobs alone",
    bodyWith({ top_logprobs: 3 }),
    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
    "top_logprobs",
    null,
  ],
  [
    "audio out",
    bodyWith({ modalities: ["text", "audio"] }),
    "This model does not support audio output.",
    "modalities",
    "unsupported_value",
  ],
  [
    "audio",
    bodyWith({ audio: { format: "wav", voice: "v" } }),
    "This model does not support audio output.",
    "audio",
    "unsupported_value",
  ],
  [
    "moderation",
    bodyWith({ moderation: {} }),
    "'moderation' is not supported for this model.",
    "moderation",
    "unsupported_parameter",
  ],
  [
    "web search",
    bodyWith({ web_search_options: {} }),
    "'web_search_options' is not supported for this model.",
    "web_search_options",
    "unsupported_parameter",
  ],
  [
    "audio of history",
    talk(hello, { role: "assistant", audio: { id: "a" } }),
    "Audio references are not supported for this model.",
    "messages[1].audio",
    "unsupported_value",
  ],
  [
    "file id (K33)",
    parts({ type: "file", file: { file_id: "file-1" } }),
    "File references ('file_id') are not supported for this model. Send 'file_data' instead.",
    "messages[0].content[0].file.file_id",
    "unsupported_value",
  ],
  [
    "a part nobody knows",
    parts({ type: "hologram", hologram: 1 }),
    supported("hologram", "'text', 'image_url', 'input_audio', 'refusal', and 'file'"),
    "messages[0].content[0].type",
    "invalid_value",
  ],
];

test.each(leaving)("400 outside OpenAI: %s", (_, body, message, param, code) => {
  expect(decode(body).from).toBe("openai");
  const error = thrownBy(() => left(body));
  expect({ message: error.message, param: error.param, code: error.code, status: error.status }).toEqual({
    message,
    param,
    code,
    status: 400,
  });
});

test.each([
  ["n 1", bodyWith({ n: 1 })],
  [
    "nulls",
    bodyWith({ tools: null, stop: null, audio: null, metadata: null, n: null, tool_choice: null, stream: null }),
  ],
  ["text only", bodyWith({ modalities: ["text"] })],
  ["auto without tools", bodyWith({ tool_choice: "auto" })],
  ["an empty stop list", bodyWith({ stop: [] })],
  ["empty logit_bias", bodyWith({ logit_bias: {} })],
  ["store false", bodyWith({ store: false })],
  ["detail auto", parts({ type: "image_url", image_url: { url: "https://a/b", detail: "auto" } })],
] satisfies [string, JsonObject][])("a default is neither refused nor lost: %s", (_, body) => {
  expect(left(body)).toBe("");
});
