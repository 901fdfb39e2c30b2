import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { toolInput } from "../../../src/dialects/bedrock_converse/request/tool-input.ts";
import { toolId } from "../../../src/dialects/bedrock_converse/request/tool-ids.ts";
import { ToolNames } from "../../../src/dialects/bedrock_converse/request/tool-names.ts";
import { thrownBy } from "../stages.ts";
import { asked, call, calledOnce, functionTool, nova, openaiBody, sonnet } from "./asked.ts";

const specs = (body: JsonObject): JsonObject[] => {
  const config = body["toolConfig"] as JsonObject | undefined;
  return (config?.["tools"] ?? []) as JsonObject[];
};
const names = (body: JsonObject): Json[] =>
  specs(body).flatMap((tool) => (tool["toolSpec"] as JsonObject | undefined)?.["name"] ?? []);
const choice = (body: JsonObject): Json | undefined => (body["toolConfig"] as JsonObject)["toolChoice"];

describe("names", () => {
  test("T-16 a changed name never becomes another tool's, and maps back", () => {
    const long = "x".repeat(70);
    const mapped = new ToolNames(["a.b", "ab", long, `${long}y`, "…"]);
    const all = ["a.b", "ab", long, `${long}y`, "…"].map((name) => mapped.upstream(name));
    expect(new Set(all).size).toBe(5);
    expect(all.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true);
    expect(mapped.upstream("ab")).toBe("ab");
    for (const [upstream, name] of mapped.changed() ?? []) expect(mapped.upstream(name)).toBe(upstream);
    expect(mapped.changed()?.size).toBe(4);
    expect(new ToolNames(["f"]).changed()).toBeUndefined();
  });

  test("T-16 a Claude caller's long names are renamed everywhere and the answer's reader is told", () => {
    const long = `mcp__${"server".repeat(12)}__tool`;
    const { body, memo, losses } = asked({
      anthropic_version: "bedrock-2023-05-31",
      model: nova,
      max_tokens: 5,
      tools: [{ name: long, input_schema: { type: "object" } }],
      tool_choice: { type: "tool", name: long },
      messages: [
        { role: "user", content: "go" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: long, input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "x" }] },
      ],
    });
    const [upstream] = names(body);
    expect(upstream).toBe(long.slice(0, 64));
    expect(choice(body)).toEqual({ tool: { name: upstream ?? null } });
    expect(JSON.stringify(body["messages"])).toContain(`"name":"${String(upstream)}"`);
    expect(memo.toolNames?.get(String(upstream))).toBe(long);
    expect(losses).toBe("");
  });

  test("an OpenAI caller gets OpenAI's own error", () => {
    const error = thrownBy(() => asked(openaiBody(nova, { tools: [functionTool("a.b")] })));
    expect(error).toMatchObject({ status: 400, param: "tools[0].function.name", code: "invalid_value" });
  });
});

test("ids fit the model, the same way on both sides", () => {
  expect(toolId("call_abc-1", "strict")).toBe("call_abc-1");
  expect(toolId("a".repeat(80), "strict")).toHaveLength(64);
  expect(toolId("fc:weather/1", "strict")).toBe("fc_weather_1_731660a062768d57");
  expect(toolId("fc:weather/1", "published")).toBe("fc_weather_1_731660a062768d57");
  expect(toolId("call_abc123", "nine")).toBe("1j2v4zg98");
  expect(toolId("abcdef123", "nine")).toBe("abcdef123");
});

test("ids that Bedrock gave go back to their model as they were", () => {
  expect(toolId("functions.get_temperature:0", "published")).toBe("functions.get_temperature:0");
  expect(toolId("functions.get_temperature:0", "strict")).toBe("functions_get_temperature_0_354232b542e3cb35");
  expect(toolId("tooluse_daIKOZu4g4GrvIIv9wdqy4", "nine")).toBe("tooluse_daIKOZu4g4GrvIIv9wdqy4");
});

test("T-19 arguments that are no object are wrapped; blank ones are empty", () => {
  const input = (text: string): JsonObject => toolInput({ type: "tool-call", id: "c", name: "f", input: text });
  expect(input("")).toEqual({});
  expect(input(" \n")).toEqual({});
  expect(input("null")).toEqual({ rawInvalidInput: "null" });
  expect(input("[1]")).toEqual({ rawInvalidInput: "[1]" });
  expect(input("{oops")).toEqual({ rawInvalidInput: "{oops" });
  expect(input('{"a":"\\ud800","b":["\\ud800x"]}')).toEqual({ a: "\ufffd", b: ["\ufffdx"] });
  const deep = '{"a":'.repeat(20_000) + '"\\ud800"' + "}".repeat(20_000);
  expect(input(deep)).toEqual({ rawInvalidInput: deep });
  expect(toolInput({ type: "tool-call", id: "c", name: "f", input: "SELECT 1", custom: true })).toEqual({
    input: "SELECT 1",
  });
});

describe("definitions", () => {
  test("T-23 T-26 blank descriptions go, schemas get their object type", () => {
    const { body } = asked(
      openaiBody(nova, {
        tools: [
          functionTool("a", { description: " " }),
          functionTool("b", { parameters: {} }),
          functionTool("c", { parameters: { properties: { x: { type: "string" } } } }),
        ],
      }),
    );
    expect(specs(body)).toEqual([
      { toolSpec: { name: "a", inputSchema: { json: { type: "object", properties: {} } } } },
      { toolSpec: { name: "b", inputSchema: { json: { type: "object", properties: {} } } } },
      { toolSpec: { name: "c", inputSchema: { json: { type: "object", properties: { x: { type: "string" } } } } } },
    ]);
  });

  test("strict goes only where the model takes it and every object is closed", () => {
    const closed = { type: "object", properties: { a: { type: "string" } }, additionalProperties: false };
    const open = { type: "object", properties: { a: { type: "object" } }, additionalProperties: false };
    const tools = [
      functionTool("a", { strict: true, parameters: closed }),
      functionTool("b", { strict: true, parameters: open }),
    ];
    const { body, losses } = asked(openaiBody(sonnet, { tools }));
    expect(specs(body).map(({ toolSpec }) => (toolSpec as JsonObject)["strict"] ?? null)).toEqual([true, null]);
    expect(losses).toBe("tools[1].function.strict");
    expect(asked(openaiBody(nova, { tools })).losses).toBe("tools[0].function.strict,tools[1].function.strict");
  });

  test("a grammar is told in words", () => {
    const { body, memo } = asked(
      openaiBody(nova, {
        tools: [
          {
            type: "custom",
            custom: {
              name: "q",
              description: "Ask",
              format: { type: "grammar", grammar: { syntax: "lark", definition: "start: A" } },
            },
          },
        ],
      }),
    );
    expect(specs(body)[0]).toMatchObject({
      toolSpec: { description: "Ask\nThe input must match this lark grammar:\nstart: A" },
    });
    expect([...(memo.customTools ?? [])]).toEqual(["q"]);
  });

  test("T-15 a name that only history knows is defined too", () => {
    const { body } = asked(openaiBody(nova, { tools: [functionTool("g")], messages: calledOnce() }));
    expect(names(body)).toEqual(["g", "f"]);
  });

  test("tools on a model without any are refused", () => {
    const error = thrownBy(() => asked(openaiBody("us.deepseek.r1-v1:0", { tools: [functionTool("f")] })));
    expect(error).toMatchObject({
      status: 400,
      param: "tools",
      code: "unsupported_parameter",
      message: "This model does not support tools.",
    });
  });

  test("B.9.4 tools on a model that cannot stream them: the plain operation is called", () => {
    const body = openaiBody("us.meta.llama3-3-70b-instruct-v1:0", { tools: [functionTool("f")], stream: true });
    expect(asked(body).memo.plainOnly).toBe(true);
    expect(asked({ ...body, stream: false }).memo.plainOnly).toBeUndefined();
    expect(asked(openaiBody(nova, { tools: [functionTool("f")], stream: true })).memo.plainOnly).toBeUndefined();
  });
});

describe("tool_choice", () => {
  const tools = [functionTool("f"), functionTool("g")];
  const pick = { type: "function", function: { name: "g" } };

  test("T-21 what the model lacks is narrowed and said", () => {
    const named = asked(openaiBody("mistral.mistral-large-2407-v1:0", { tools, tool_choice: pick }));
    expect(names(named.body)).toEqual(["g"]);
    expect(choice(named.body)).toEqual({ any: {} });
    expect(named.losses).toBe("tools[0],tool_choice;approximated");
    const neither = asked(openaiBody("us.meta.llama3-3-70b-instruct-v1:0", { tools, tool_choice: pick }));
    expect(names(neither.body)).toEqual(["g"]);
    expect(choice(neither.body)).toBeUndefined();
    const all = asked(openaiBody(nova, { tools, tool_choice: pick }));
    expect(choice(all.body)).toEqual({ tool: { name: "g" } });
    expect(all.losses).toBe("");
  });

  test("allowed_tools filters the definitions; names of history stay", () => {
    const wish = (mode: string): JsonObject => ({ type: "allowed_tools", allowed_tools: { mode, tools: [pick] } });
    const { body } = asked(openaiBody(nova, { tools, tool_choice: wish("required") }));
    expect(names(body)).toEqual(["g"]);
    expect(choice(body)).toEqual({ any: {} });
    const again = asked(openaiBody(nova, { tools, tool_choice: wish("auto"), messages: calledOnce() }));
    expect(names(again.body)).toEqual(["f", "g"]);
    expect(again.losses).toBe("tool_choice;approximated");
  });

  test("T-20 none with tool history: Claude is told so, others in words", () => {
    const body = { tools, tool_choice: "none", messages: calledOnce() };
    expect(asked(openaiBody(sonnet, body)).body["additionalModelRequestFields"]).toEqual({
      tool_choice: { type: "none" },
    });
    const other = asked(openaiBody(nova, body)).body;
    expect(other["system"]).toEqual([{ text: "Do not call any tool in your next reply." }]);
    expect(names(other)).toEqual(["f", "g"]);
  });

  test("T-22 one call at a time: Claude's own field, a loss elsewhere", () => {
    const body = { tools, parallel_tool_calls: false, tool_choice: pick };
    const claude = asked(openaiBody(sonnet, body)).body;
    expect(claude["additionalModelRequestFields"]).toEqual({
      tool_choice: { type: "tool", name: "g", disable_parallel_tool_use: true },
    });
    expect(choice(claude)).toBeUndefined();
    expect(asked(openaiBody(nova, body)).losses).toBe("parallel_tool_calls");
  });
});

describe("results", () => {
  const withResult = (model: string, fields: JsonObject): JsonObject =>
    openaiBody(model, {
      tools: [functionTool("f")],
      messages: [
        { role: "user", content: "go" },
        { role: "assistant", tool_calls: [call("c1")] },
        { role: "tool", tool_call_id: "c1", ...fields },
      ],
    });
  const result = (body: JsonObject): Json | undefined => {
    const content = (body["messages"] as JsonObject[])[2]?.["content"] as JsonObject[];
    return content[0]?.["toolResult"];
  };

  test("T-09 T-10 nothing is empty, an error says so", () => {
    expect(result(asked(withResult(nova, { content: "" })).body)).toEqual({ toolUseId: "c1", content: [{ text: "" }] });
    expect(result(asked(withResult(nova, { content: "", is_error: true })).body)).toEqual({
      toolUseId: "c1",
      content: [{ text: "error" }],
      status: "error",
    });
  });

  test("models without a status read the failure in the text", () => {
    const { body, losses } = asked(
      openaiBody("cohere.command-r-v1:0", {
        ...withResult(nova, { content: "boom", is_error: true }),
        model: "cohere.command-r-v1:0",
      }),
    );
    expect(result(body)).toEqual({ toolUseId: "c1", content: [{ text: "Error: boom" }] });
    expect(losses).toBe("messages[2].is_error;approximated");
  });

  test("T-24 an image inside a result stays inside it", () => {
    const { body } = asked({
      anthropic_version: "bedrock-2023-05-31",
      model: nova,
      max_tokens: 5,
      tools: [{ name: "f", input_schema: { type: "object" } }],
      messages: [
        { role: "user", content: "go" },
        { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "f", input: {} }] },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "c1",
              content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } }],
            },
          ],
        },
      ],
    });
    expect(result(body)).toEqual({
      toolUseId: "c1",
      content: [{ image: { format: "png", source: { bytes: "iVBORw0KGgo=" } } }],
    });
  });
});
