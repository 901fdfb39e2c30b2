import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import { bedrockClaude } from "../../../src/dialects/bedrock_claude/index.ts";
import { thrownBy } from "../stages.ts";

const { decode, encode } = bedrockClaude.request;
const claude = factsOnBedrock("us.anthropic.claude-sonnet-4-5", "anthropic.claude-sonnet-4-5");
const version = { anthropic_version: "bedrock-2023-05-31" };
const least = { ...version, max_tokens: 10, messages: [{ role: "user", content: "x" }] };

function roundTrip(body: JsonObject): unknown {
  return encode(decode(body), claude);
}

describe("a Claude body goes there and back without a change", () => {
  test.each<[string, JsonObject]>([
    ["nothing but the needful", least],
    ["system as text", { ...least, system: "S" }],
    ["system as blocks", { ...least, system: [{ type: "text", text: "S" }] }],
    ["no system blocks", { ...least, system: [] }],
    [
      "every parameter",
      {
        ...least,
        temperature: 0,
        top_p: 0.5,
        top_k: 0,
        stop_sequences: ["a"],
        thinking: { type: "enabled", budget_tokens: 1024, display: "omitted", invented: 1 },
        output_config: { effort: "max", format: { type: "json_schema", schema: { type: "object" } } },
        metadata: { user_id: "u" },
        service_tier: "standard_only",
        speed: "fast",
        cache_control: { type: "ephemeral", ttl: "1h" },
        anthropic_beta: ["b"],
      },
    ],
    ["the older place of the format", { ...least, output_format: { type: "json_schema", schema: { type: "object" } } }],
    [
      "what the hub cannot say of them",
      { ...least, output_config: { effort: "ultra", new: 1 }, metadata: { new: "x" } },
    ],
    ["empty objects", { ...least, output_config: {}, metadata: {} }],
    [
      "nulls",
      {
        ...least,
        system: null,
        temperature: null,
        tools: null,
        metadata: null,
        output_config: null,
        tool_choice: null,
        stop_sequences: null,
      },
    ],
    ["fields invented tomorrow", { ...least, container: "c", invented: { deep: [1, null] } }],
    [
      "tools of every kind",
      {
        ...least,
        tools: [
          {
            name: "f",
            input_schema: { type: "object" },
            description: "d",
            strict: true,
            cache_control: { type: "ephemeral" },
          },
          { type: "custom", name: "g", input_schema: {}, defer_loading: true, input_examples: [{}], new: 1 },
          { type: "bash_20250124", name: "bash" },
          { type: "web_search_20250305", name: "web_search", max_uses: 3, cache_control: { type: "ephemeral" } },
        ],
        tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: false },
      },
    ],
    ["tool_choice none", { ...least, tools: [{ name: "f", input_schema: {} }], tool_choice: { type: "none" } }],
    [
      "tool_choice any, one at a time",
      {
        ...least,
        tools: [{ name: "f", input_schema: {} }],
        tool_choice: { type: "any", disable_parallel_tool_use: true },
      },
    ],
    [
      "blocks of every kind",
      {
        ...least,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "", cache_control: { type: "ephemeral", ttl: "5m" } },
              { type: "text", text: "t", cache_control: { type: "ephemeral", scope: "new" } },
              { type: "text", text: "t", cache_control: null, citations: null },
              { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
              { type: "image", source: { type: "url", url: "https://e.org/a.png" }, new: 1 },
              { type: "image", source: { type: "file", file_id: "f" } },
              { type: "image", source: { type: "invented", x: 1 } },
              {
                type: "document",
                source: { type: "text", media_type: "text/plain", data: "d" },
                title: "T",
                context: "C",
                citations: { enabled: true },
              },
              { type: "document", source: { type: "content", content: "c" }, title: null },
              {
                type: "document",
                source: { type: "content", content: [{ type: "text", text: "c" }] },
                citations: { enabled: true, new: 1 },
              },
              {
                type: "search_result",
                source: "s",
                title: "t",
                content: [{ type: "text", text: "r" }],
                citations: { enabled: false },
              },
              { type: "container_upload", file_id: "f" },
            ],
          },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: " hm ", signature: "S" },
              { type: "thinking", thinking: "unsigned" },
              { type: "redacted_thinking", data: "YWJj" },
              {
                type: "text",
                text: "t",
                citations: [
                  {
                    type: "char_location",
                    cited_text: "c",
                    document_index: 0,
                    document_title: null,
                    start_char_index: 0,
                    end_char_index: 1,
                    file_id: "f",
                  },
                  {
                    type: "page_location",
                    cited_text: "c",
                    document_index: 0,
                    document_title: "D",
                    start_page_number: 1,
                    end_page_number: 2,
                  },
                  { type: "web_search_result_location", cited_text: "c", url: "u", title: "t", encrypted_index: "e" },
                  {
                    type: "search_result_location",
                    cited_text: "c",
                    source: "s",
                    title: "t",
                    search_result_index: 0,
                    start_block_index: 0,
                    end_block_index: 1,
                  },
                  { type: "invented_location", x: 1 },
                ],
              },
              { type: "server_tool_use", id: "s", name: "web_search", input: { q: 1 } },
              { type: "web_search_tool_result", tool_use_id: "s", content: [] },
              { type: "tool_use", id: "a", name: "f", input: { n: 1.5, s: "\u2028" }, caller: { type: "direct" } },
              { type: "tool_use", id: "b", name: "f", input: {}, cache_control: { type: "ephemeral" } },
            ],
          },
          {
            role: "user",
            content: [
              { type: "tool_result", tool_use_id: "a" },
              { type: "tool_result", tool_use_id: "b", content: "", is_error: false },
              { type: "tool_result", tool_use_id: "c", content: [], is_error: true },
              {
                type: "tool_result",
                tool_use_id: "d",
                content: [
                  { type: "text", text: "x" },
                  { type: "tool_reference", tool_name: "f" },
                ],
                cache_control: { type: "ephemeral" },
              },
            ],
          },
          { role: "system", content: [{ type: "tool_addition", tool: { name: "f" } }], new: 1 },
          { role: "user", content: [] },
        ],
      },
    ],
  ])("%s", (_, body) => {
    expect(roundTrip(body)).toEqual({ value: body, losses: [] });
  });

  test("model, stream and our own extensions leave the body; a missing version comes in", () => {
    const { anthropic_version: _, ...bare } = least;
    const decoded = decode({
      ...bare,
      model: "m",
      stream: true,
      guardrail_config: { guardrailIdentifier: "g" },
      request_metadata: { a: "b" },
    });
    expect(decoded).toMatchObject({
      model: "m",
      stream: true,
      includeUsage: true,
      extensions: { guardrail_config: { guardrailIdentifier: "g" }, request_metadata: { a: "b" } },
    });
    expect(encode(decoded, claude).value).toEqual(least);
  });
});

describe("the hub's reading of a Claude body", () => {
  test("messages, paths and parameters", () => {
    const request = decode({
      ...least,
      system: "S",
      thinking: { type: "adaptive" },
      output_config: { effort: "low" },
      speed: "fast",
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      tools: [{ type: "memory_20250818", name: "memory" }],
      messages: [
        { role: "user", content: "x" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: { a: 1 } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "r" }] },
      ],
    });
    expect(request.messages).toEqual([
      { role: "system", at: "system", content: [{ type: "text", text: "S", at: "system" }] },
      { role: "user", at: "messages[0]", content: [{ type: "text", text: "x", at: "messages[0].content" }] },
      {
        role: "assistant",
        at: "messages[1]",
        content: [{ type: "tool-call", id: "t", name: "f", input: '{"a":1}', at: "messages[1].content[0]" }],
      },
      {
        role: "user",
        at: "messages[2]",
        content: [
          {
            type: "tool-result",
            callId: "t",
            content: [{ type: "text", text: "r", at: "messages[2].content[0].content" }],
            at: "messages[2].content[0]",
          },
        ],
      },
    ]);
    expect(request.toolChoice).toEqual({ mode: "required" });
    expect(request.parallelToolCalls).toBe(false);
    expect(request.tools?.[0]).toMatchObject({ kind: "provider", name: "memory" });
    expect(request.reasoning).toEqual({ effort: "low", thinking: { type: "adaptive" } });
    expect(request.serviceTier).toBe("fast");
    expect(request.paths).toMatchObject({ maxTokens: "max_tokens", reasoning: "thinking", serviceTier: "speed" });
  });
});

describe("Anthropic's own words for mistakes (mapping D.1.2)", () => {
  const messages = (content: unknown): JsonObject => ({
    ...least,
    messages: [{ role: "user", content: content as string }],
  });
  test.each<[string, JsonObject, string, string, string]>([
    [
      "K55 no max_tokens",
      { ...least, max_tokens: null },
      "max_tokens: Field required",
      "max_tokens",
      "missing_required_parameter",
    ],
    [
      "max_tokens of another type",
      { ...least, max_tokens: "9" },
      "max_tokens: Input should be a valid integer",
      "max_tokens",
      "invalid_type",
    ],
    ["no messages", { max_tokens: 1 }, "messages: Field required", "messages", "missing_required_parameter"],
    [
      "empty messages",
      { max_tokens: 1, messages: [] },
      "messages: at least one message is required",
      "messages",
      "invalid_value",
    ],
    [
      "messages of another type",
      { max_tokens: 1, messages: {} },
      "messages: Input should be a valid list",
      "messages",
      "invalid_type",
    ],
    [
      "a bad role",
      { ...least, messages: [{ role: "tool", content: "x" }] },
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
      "messages.0.role",
      "invalid_value",
    ],
    [
      "no content",
      messages(null),
      "messages.0.content: Field required",
      "messages.0.content",
      "missing_required_parameter",
    ],
    [
      "a block of another type",
      messages(["x"]),
      "messages.0.content.0: Input should be an object",
      "messages.0.content.0",
      "invalid_type",
    ],
    [
      "a block without type",
      messages([{}]),
      "messages.0.content.0.type: Field required",
      "messages.0.content.0.type",
      "missing_required_parameter",
    ],
    [
      "text without text",
      messages([{ type: "text" }]),
      "messages.0.content.0.text: Field required",
      "messages.0.content.0.text",
      "missing_required_parameter",
    ],
    [
      "an image without source",
      messages([{ type: "image" }]),
      "messages.0.content.0.source: Field required",
      "messages.0.content.0.source",
      "missing_required_parameter",
    ],
    [
      "a life no cache has",
      messages([{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "2h" } }]),
      "messages.0.content.0.cache_control.ttl: Input should be '5m' or '1h'",
      "messages.0.content.0.cache_control.ttl",
      "invalid_value",
    ],
    [
      "a tool without name",
      { ...least, tools: [{ input_schema: {} }] },
      "tools.0.name: Field required",
      "tools.0.name",
      "missing_required_parameter",
    ],
    [
      "a tool without schema",
      { ...least, tools: [{ name: "f" }] },
      "tools.0.custom.input_schema: Field required",
      "tools.0.custom.input_schema",
      "missing_required_parameter",
    ],
    [
      "a tool choice nobody knows",
      { ...least, tool_choice: { type: "constructor" } },
      "tool_choice: Input tag 'constructor' found using 'type' does not match any of the expected tags: 'any', 'auto', 'none', 'tool'",
      "tool_choice",
      "invalid_value",
    ],
  ])("%s", (_, body, message, param, code) => {
    expect(thrownBy(() => decode(body))).toMatchObject({ status: 400, message, param, code });
  });
});
