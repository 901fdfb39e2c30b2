import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../../src/core/models.ts";
import { bedrockClaude } from "../../../src/dialects/bedrock_claude/index.ts";
import { thrownBy } from "../stages.ts";

const nova = factsOnBedrock("us.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0");
const gpt = factsOnOpenAI("gpt-4o");
const least = { anthropic_version: "bedrock-2023-05-31", max_tokens: 2000, messages: [{ role: "user", content: "x" }] };

function leave(body: JsonObject, facts = nova): string[] {
  return bedrockClaude.request
    .leave(bedrockClaude.request.decode(body), facts)
    .map((loss) => `${loss.action} ${loss.path}`);
}
function refusal(body: JsonObject, facts = nova): { message: string; param: string | null; code: string | null } {
  const { status, message, param, code } = thrownBy(() => leave(body, facts));
  expect(status).toBe(400);
  return { message, param, code };
}
const user = (content: JsonObject[]): JsonObject => ({ ...least, messages: [{ role: "user", content }] });

describe("what a Claude body costs elsewhere (mapping D.1)", () => {
  test("a plain body costs nothing, nor do nulls and defaults", () => {
    expect(leave(least)).toEqual([]);
    expect(
      leave({
        ...least,
        container: null,
        speed: "standard",
        tools: [
          {
            type: "custom",
            name: "f",
            input_schema: {},
            defer_loading: false,
            allowed_callers: ["direct"],
            strict: null,
          },
        ],
      }),
    ).toEqual([]);
  });

  test("hints are losses with the caller's paths", () => {
    expect(
      leave({
        ...least,
        speed: "fast",
        tools: [{ name: "f", input_schema: {}, defer_loading: true, input_examples: [{}] }],
        messages: [{ role: "user", content: [{ type: "text", text: "x", invented: 1 }], hint: 1 }],
      }),
    ).toEqual([
      "dropped tools[0].defer_loading",
      "dropped tools[0].input_examples",
      "dropped speed",
      "dropped messages[0].hint",
      "dropped messages[0].content[0].invented",
    ]);
    expect(leave({ ...least, guardrail_config: {}, speed: "fast" }, gpt)).toEqual(["dropped guardrail_config"]);
  });

  test.each([
    "container",
    "diagnostics",
    "inference_geo",
    "context_management",
    "mcp_servers",
    "thread",
    "fallbacks",
    "invented",
  ])("%s is refused, never lost", (field) => {
    const want = { message: `${field}: Extra inputs are not permitted`, param: field, code: "unknown_parameter" };
    expect(refusal({ ...least, [field]: {} })).toEqual(want);
    expect(refusal({ ...least, [field]: {} }, gpt)).toEqual(want);
  });

  test("fields inside known objects too", () => {
    expect(refusal({ ...least, metadata: { account: "x" } }).message).toBe(
      "metadata.account: Extra inputs are not permitted",
    );
    expect(refusal({ ...least, output_config: { effort: "ultra" } }).param).toBe("output_config.effort");
  });

  test.each(["bash_20250124", "web_search_20250305", "computer_toolset_20260801"])(
    "the tool %s is Claude's alone",
    (type) => {
      const body = { ...least, tools: [{ type, name: "t" }] };
      expect(refusal(body).message).toBe(`tools.0.type: '${type}' is not supported for this model`);
      expect(refusal(body, gpt).param).toBe("tools.0.type");
    },
  );

  test("blocks of Claude's own: refused on Converse, dropped towards OpenAI", () => {
    const body = user([
      { type: "container_upload", file_id: "f" },
      { type: "text", text: "x" },
    ]);
    expect(refusal(body).message).toBe("messages.0.content.0.type: 'container_upload' is not supported for this model");
    expect(leave(body, gpt)).toEqual(["dropped messages[0].content[0]"]);
  });

  test("file sources, and images inside documents, go nowhere", () => {
    const file = user([{ type: "image", source: { type: "file", file_id: "f" } }]);
    const message = "messages.0.content.0.source.type: 'file' is not supported";
    expect(refusal(file).message).toBe(message);
    expect(refusal(file, gpt).message).toBe(message);
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "" } };
    const nested = user([{ type: "document", source: { type: "content", content: [image] } }]);
    expect(refusal(nested).param).toBe("messages.0.content.0.source.content.0.type");
  });

  test("max_tokens 0 and thinking's bounds", () => {
    expect(refusal({ ...least, max_tokens: 0 }).param).toBe("max_tokens");
    expect(refusal({ ...least, thinking: {} }).message).toBe("thinking.type: Field required");
    expect(refusal({ ...least, thinking: { type: "enabled", budget_tokens: 1000 } }).message).toBe(
      "thinking.budget_tokens: Input should be greater than or equal to 1024",
    );
    expect(refusal({ ...least, thinking: { type: "enabled", budget_tokens: 2000 } }).message).toBe(
      "`max_tokens` must be greater than `thinking.budget_tokens`",
    );
    expect(leave({ ...least, thinking: { type: "enabled", budget_tokens: 1999 } })).toEqual([]);
  });

  test("T-08 a message of blank text alone is refused as Anthropic does", () => {
    expect(refusal(user([{ type: "text", text: " \n" }])).message).toBe(
      "messages: text content blocks must be non-empty",
    );
    expect(
      leave(
        user([
          { type: "text", text: "" },
          { type: "text", text: "x" },
        ]),
      ),
    ).toEqual([]);
  });
});

describe("calls and results belong together", () => {
  const call = { role: "assistant", content: [{ type: "tool_use", id: "toolu_x", name: "f", input: {} }] };
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_x", content: "r" }] };
  const begin = { role: "user", content: "go" };

  test("a pair is fine, also across two messages of one role", () => {
    expect(leave({ ...least, messages: [begin, call, result] })).toEqual([]);
    expect(leave({ ...least, messages: [begin, call, { role: "assistant", content: "t" }, begin, result] })).toEqual(
      [],
    );
  });
  test("a result without its call", () => {
    expect(refusal({ ...least, messages: [begin, { role: "assistant", content: "a" }, result] }).message).toBe(
      "messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_x. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
    );
  });
  test.each([[[begin, call]], [[begin, call, begin]]])("a call without its result", (messages) => {
    expect(refusal({ ...least, messages }).message).toBe(
      "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_x. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
    );
  });
});
