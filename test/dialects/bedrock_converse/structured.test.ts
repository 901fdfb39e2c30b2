import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { closedSchema } from "../../../src/dialects/bedrock_converse/request/closed-schema.ts";
import { asked, calledOnce, functionTool, nova, openaiBody, opus5, sonnet } from "./asked.ts";

const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false };
const format = (fields: JsonObject = {}): JsonObject => ({
  response_format: { type: "json_schema", json_schema: { name: "p", schema, ...fields } },
});
const promptText =
  `JSON schema:\n${JSON.stringify(schema)}\n` +
  "You MUST answer with only a JSON object that matches the schema above. Do not wrap it in markdown fences or include any other text.";

describe("the way follows from the model and the request", () => {
  test("native: the schema is a string, the description goes along", () => {
    const { body, memo, losses } = asked(openaiBody(sonnet, format({ description: "D" })));
    expect(body["outputConfig"]).toEqual({
      textFormat: {
        type: "json_schema",
        structure: { jsonSchema: { name: "p", description: "D", schema: JSON.stringify(schema) } },
      },
    });
    expect(memo.json).toBeUndefined();
    expect(losses).toBe("");
    const open = asked(openaiBody("qwen.qwen3-32b-v1:0", format({ schema: { type: "object", minProperties: 1 } })));
    expect(JSON.stringify(open.body["outputConfig"])).toContain("minProperties");
  });

  test("a tool of ours, forced alone", () => {
    const { body, memo, losses } = asked(openaiBody(nova, format({ description: "D", strict: true })));
    expect(body["toolConfig"]).toEqual({
      tools: [{ toolSpec: { name: "json_response", description: "D", inputSchema: { json: schema } } }],
      toolChoice: { any: {} },
    });
    expect(memo.json).toBe("tool");
    expect(losses).toBe("response_format.json_schema.strict;approximated");
  });

  test("T-25 beside tools, tool history or thinking: words in the system prompt", () => {
    for (const fields of [
      { tools: [functionTool("f")] },
      { messages: calledOnce() },
      { model: opus5, reasoning_effort: "high" },
      { model: "us.meta.llama3-3-70b-instruct-v1:0" },
      { model: "us.deepseek.r1-v1:0" },
    ]) {
      const { body, memo, losses } = asked(openaiBody(nova, { ...format(), ...fields }));
      expect(JSON.stringify(body["system"])).toContain(JSON.stringify(promptText).slice(1, -1));
      expect(memo.json).toBe("prompt");
      expect(losses).toContain("response_format;approximated");
    }
  });

  test("a description is an instruction and goes before the schema", () => {
    const { body } = asked(openaiBody("us.deepseek.r1-v1:0", format({ description: "D" })));
    expect(body["system"]).toEqual([{ text: `D\n${promptText}` }]);
  });

  test("JSON mode is words, in the first user turn where there is no system prompt", () => {
    const words = "Respond with one valid JSON object and nothing else. Do not use Markdown fences.";
    const fields = { response_format: { type: "json_object" } };
    const { body, memo } = asked(openaiBody(nova, fields));
    expect(body["system"]).toEqual([{ text: words }]);
    expect(memo.json).toBe("object");
    const folded = asked(openaiBody("mistral.mistral-7b-instruct-v0:2", fields)).body;
    expect(folded["messages"]).toEqual([{ role: "user", content: [{ text: `${words}\n\n` }, { text: "x" }] }]);
  });

  test("B.12 a model that refused native output gets the tool", () => {
    expect(asked(openaiBody(sonnet, format()), { jsonSchema: false }).memo.json).toBe("tool");
  });

  test("Claude's output_config.format is the same wish", () => {
    const { body, losses } = asked({
      anthropic_version: "bedrock-2023-05-31",
      model: sonnet,
      max_tokens: 5,
      messages: [{ role: "user", content: "x" }],
      output_config: { format: { type: "json_schema", schema: { type: "object", maxProperties: 2 } } },
    });
    expect(JSON.stringify(body["outputConfig"])).toContain("maxProperties: 2.");
    expect(losses).toBe("output_config.format.schema.maxProperties;approximated");
  });
});

test("T-74 schemas shrink to what Claude takes, and every keyword taken out is told", () => {
  const told: string[] = [];
  const closed = closedSchema(
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: true,
      patternProperties: { x: {} },
      properties: {
        n: { type: "number", description: "A number", minimum: 0, maximum: 9 },
        s: { type: "string", format: "email" },
        p: { type: "string", format: "phone" },
        u: { oneOf: [{ type: "object", properties: { minimum: { type: "string" } } }, { $ref: "#/$defs/d" }] },
        l: { type: "array", items: { type: "string", pattern: "^a" }, minItems: 1 },
      },
      $defs: { d: { type: "object", enum: [{ maximum: 1 }] } },
    },
    (path, action) => told.push(`${path} ${action}`),
  );
  const expected: Json = {
    type: "object",
    properties: {
      n: { type: "number", description: "A number\nminimum: 0; maximum: 9." },
      s: { type: "string", format: "email" },
      p: { type: "string", description: "format: phone." },
      u: {
        anyOf: [
          { type: "object", properties: { minimum: { type: "string" } }, additionalProperties: false },
          { $ref: "#/$defs/d" },
        ],
      },
      l: { type: "array", items: { type: "string", description: "pattern: ^a." }, description: "minItems: 1." },
    },
    additionalProperties: false,
    $defs: { d: { type: "object", enum: [{ maximum: 1 }], additionalProperties: false } },
  };
  expect(closed).toEqual(expected);
  expect(told.sort()).toEqual([
    "additionalProperties approximated",
    "patternProperties dropped",
    "properties.l.items.pattern approximated",
    "properties.l.minItems approximated",
    "properties.n.maximum approximated",
    "properties.n.minimum approximated",
    "properties.p.format approximated",
    "properties.u.oneOf approximated",
  ]);
});
