/** Requests of other formats on their way to OpenAI (mapping G.3, G.4, column OpenAI of D.1). */
import { describe, expect, test } from "bun:test";
import type { Block, ChatRequest, Message } from "../../../src/core/chat.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { lossHeader } from "../../../src/core/loss.ts";
import { factsOnOpenAI } from "../../../src/core/models.ts";
import { openai } from "../../../src/dialects/openai/index.ts";
import { thrownBy } from "../stages.ts";

const png = "iVBORw0KGgo=";

function request(fields: Partial<ChatRequest>): ChatRequest {
  return {
    from: "bedrock_claude",
    model: "gpt-4o",
    stream: false,
    includeUsage: true,
    messages: [{ role: "user", content: [{ type: "text", text: "x" }] }],
    paths: {},
    ...fields,
  };
}
function encode(fields: Partial<ChatRequest>, model = "gpt-4o") {
  const { value, losses, memo } = openai.request.encode(request({ model, ...fields }), factsOnOpenAI(model));
  return { value: value as unknown, body: value, losses: lossHeader(losses), memo };
}
const messages = (list: Message[], model?: string): unknown => encode({ messages: list }, model).body["messages"];
const user = (...content: Block[]): Message => ({ role: "user", content });
const text = (text: string, more: object = {}): Block => ({ type: "text", text, ...more });
const image: Block = { type: "media", kind: "image", mediaType: "image/png", source: { kind: "base64", data: png } };

describe("messages", () => {
  test("K53 thinking is lost, an image result moves to a user message, tool turns are split", () => {
    const { value, losses } = encode({
      maxTokens: 100,
      stop: ["Z"],
      tools: [{ kind: "function", name: "f", description: "d", schema: { type: "object", properties: {} } }],
      toolChoice: { mode: "required" },
      parallelToolCalls: false,
      messages: [
        { role: "system", content: [text("S")] },
        user(text("go")),
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "t", signature: "s", at: "messages[1].content[0]" },
            text("hm"),
            { type: "tool-call", id: "toolu_1", name: "f", input: '{"a":1}' },
          ],
        },
        user(text("here"), { type: "tool-result", callId: "toolu_1", content: [image] }),
      ],
    });
    expect(value).toEqual({
      model: "gpt-4o",
      max_completion_tokens: 100,
      stop: ["Z"],
      messages: [
        { role: "system", content: "S" },
        { role: "user", content: "go" },
        {
          role: "assistant",
          content: "hm",
          tool_calls: [{ id: "toolu_1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        },
        { role: "tool", tool_call_id: "toolu_1", content: "[see following user message]" },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
            { type: "text", text: "here" },
          ],
        },
      ],
      tools: [
        { type: "function", function: { name: "f", description: "d", parameters: { type: "object", properties: {} } } },
      ],
      tool_choice: "required",
      parallel_tool_calls: false,
    });
    expect(losses).toBe("messages[1].content[0]");
  });

  test("T-02 every result is a message of its own; an error says so; no text is an empty text", () => {
    const result = (callId: string, content: Block[], more: object = {}): Block => ({
      type: "tool-result",
      callId,
      content,
      ...more,
    });
    expect(
      messages([
        user(
          result("a", [text("1"), text("2")]),
          result("b", [text("bad")], { isError: true }),
          result("c", []),
          result("d", [text("see"), image]),
        ),
      ]),
    ).toEqual([
      {
        role: "tool",
        tool_call_id: "a",
        content: [
          { type: "text", text: "1" },
          { type: "text", text: "2" },
        ],
      },
      { role: "tool", tool_call_id: "b", content: "Error: bad" },
      { role: "tool", tool_call_id: "c", content: "" },
      {
        role: "tool",
        tool_call_id: "d",
        content: [
          { type: "text", text: "see" },
          { type: "text", text: "[see following user message]" },
        ],
      },
      { role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }] },
    ]);
  });

  test("system texts are one message under the model's role, joined by a blank line", () => {
    const list: Message[] = [{ role: "system", content: [text("a"), text("b")] }, user(text("x"))];
    expect(messages(list)).toMatchObject([{ role: "system", content: "a\n\nb" }, {}]);
    expect(messages(list, "o3")).toMatchObject([{ role: "developer", content: "a\n\nb" }, {}]);
  });

  test("cache points become breakpoints where the model knows them, else losses", () => {
    const list: Message[] = [
      { role: "system", content: [text("a", { cache: { ttl: "1h" }, at: "system[0]" })] },
      user(text("x")),
    ];
    expect(messages(list, "gpt-5.6-luna")).toMatchObject([
      { content: [{ type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } }] },
      {},
    ]);
    expect(encode({ messages: list }).losses).toBe("system[0].cache_control");
  });

  test("T-08 T-14 blank texts and turns without anything are left out, a call alone has content null", () => {
    expect(
      messages([
        user(text(" ")),
        { role: "assistant", content: [] },
        { role: "assistant", content: [text(""), { type: "tool-call", id: "a", name: "f", input: "" }] },
      ]),
    ).toEqual([
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
      },
    ]);
  });

  const document = (source: object, more: object = {}): Block =>
    ({ type: "media", kind: "document", mediaType: "", source, at: "messages[0].content[0]", ...more }) as Block;

  test.each([
    [
      "pdf",
      document({ kind: "base64", data: "JVBERi0=" }, { mediaType: "application/pdf", name: "a.pdf" }),
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
    ],
    [
      "pdf without a name",
      document({ kind: "base64", data: "JVBERi0=" }, { mediaType: "application/pdf" }),
      { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
    ],
    [
      "text",
      document({ kind: "text", text: "body" }, { name: 'A "b"', context: "about" }),
      { type: "text", text: '<document title="A &quot;b&quot;">\nabout\nbody\n</document>' },
    ],
    [
      "blocks",
      document({ kind: "blocks", blocks: [text("1"), text("2")] }),
      { type: "text", text: "<document>\n1\n2\n</document>" },
    ],
    [
      "csv",
      document({ kind: "base64", data: "YSxi" }, { mediaType: "text/csv" }),
      { type: "text", text: "<document>\na,b\n</document>" },
    ],
  ])("documents: %s", (_, block, part) => {
    expect(messages([user(text("read"), block)])).toEqual([
      { role: "user", content: [{ type: "text", text: "read" }, part] },
    ]);
  });

  test.each<[string, Block]>([
    ["a Word file", document({ kind: "base64", data: "AAAA" }, { mediaType: "application/msword" })],
    ["a file id", document({ kind: "file", id: "f" })],
    ["video", { type: "media", kind: "video", mediaType: "video/mp4", source: { kind: "base64", data: "AAAA" } }],
  ])("400: %s", (_, block) => {
    expect(thrownBy(() => messages([user(block)]))).toMatchObject({ status: 400, code: "unsupported_value" });
  });

  test("mapping D.1.1: nothing is asked when all there was belongs to another format", () => {
    const block: Block = {
      type: "opaque",
      from: "bedrock_claude",
      raw: { type: "tool_reference" },
      at: "messages[0].content[0]",
    };
    expect(thrownBy(() => encode({ messages: [user(block)] }))).toMatchObject({ status: 400, param: "messages" });
  });

  test("search results are text; citations and foreign blocks are losses", () => {
    const { body, losses } = encode({
      messages: [
        user(
          {
            type: "search-result",
            source: "s",
            title: "t",
            content: [text("r")],
            citable: true,
            at: "messages[0].content[0]",
          },
          { type: "opaque", from: "bedrock_claude", raw: {}, at: "messages[0].content[1]" },
        ),
        { role: "assistant", content: [text("x", { citations: [{ kind: "web" }], at: "messages[1].content[0]" })] },
      ],
    });
    expect(body["messages"]).toMatchObject([
      { content: '<search_result source="s" title="t">\nr\n</search_result>' },
      { content: "x" },
    ]);
    expect(losses).toBe("messages[0].content[0].citations,messages[0].content[1],messages[1].content[0].citations");
  });
});

describe("parameters", () => {
  test("the field for the limit follows the model", () => {
    expect(encode({ maxTokens: 5 }, "gpt-4").body).toHaveProperty("max_tokens", 5);
    expect(encode({ maxTokens: 5 }, "gpt-5").body).toHaveProperty("max_completion_tokens", 5);
  });

  test("streams always ask for their usage", () => {
    expect(encode({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(encode({}).body).not.toHaveProperty("stream");
  });

  const paths = { temperature: "temperature", topP: "top_p", topK: "top_k", stop: "stop_sequences" };
  const sampled = { temperature: 0, topP: 0.5, topK: 3, stop: ["a"], paths };

  test("sampling and stop, where the model takes them", () => {
    expect(encode(sampled)).toMatchObject({ body: { temperature: 0, top_p: 0.5, stop: ["a"] }, losses: "top_k" });
    const strict = encode(sampled, "o3");
    expect(strict.losses).toBe("temperature,top_p,top_k,stop_sequences");
    expect(Object.keys(strict.body)).toEqual(["model", "messages"]);
    const none = encode({ ...sampled, reasoning: { effort: "none" } }, "gpt-5.1");
    expect(none).toMatchObject({ body: { temperature: 0, reasoning_effort: "none" }, losses: "top_k,stop_sequences" });
  });

  test("five stop sequences", () => {
    expect(thrownBy(() => encode({ stop: ["1", "2", "3", "4", "5"], paths }))).toMatchObject({
      message: "stop_sequences: at most 4 items are supported for this model",
      param: "stop_sequences",
    });
  });

  const thinking = (thinking: JsonObject, effort?: "max") => ({
    reasoning: { thinking, ...(effort && { effort }) },
    paths: { reasoning: "thinking" },
  });

  test.each([
    ["gpt-5", thinking({ type: "enabled", budget_tokens: 2000 }), "low", "thinking;approximated"],
    ["gpt-5", thinking({ type: "enabled", budget_tokens: 4096 }), "medium", "thinking;approximated"],
    ["gpt-5", thinking({ type: "enabled", budget_tokens: 16384 }), "high", "thinking;approximated"],
    ["gpt-5", thinking({ type: "adaptive" }), "medium", ""],
    ["gpt-5.2", thinking({ type: "adaptive" }, "max"), "xhigh", "output_config.effort;approximated"],
    ["gpt-5.2", thinking({ type: "disabled" }, "max"), "none", "output_config.effort"],
    ["gpt-4o", thinking({ type: "adaptive" }, "max"), undefined, "thinking,output_config.effort"],
    ["gpt-5.2", thinking({ type: "disabled" }), "none", ""],
    ["gpt-5", thinking({ type: "disabled" }), "minimal", "thinking;approximated"],
    ["gpt-4o", thinking({ type: "adaptive" }), undefined, "thinking"],
    ["gpt-4o", thinking({ type: "disabled" }), undefined, ""],
    [
      "o3",
      { reasoning: { effort: "minimal" as const }, paths: { reasoning: "reasoning_effort" } },
      "low",
      "reasoning_effort;approximated",
    ],
    ["o3", thinking({ type: "adaptive", display: "omitted" }), "medium", "thinking.display"],
  ] as const)("%s %j goes up with effort %s", (model, fields, effort, losses) => {
    const encoded = encode(fields, model);
    expect(encoded.body["reasoning_effort"] as unknown).toBe(effort);
    expect(encoded.losses).toBe(losses);
  });

  test("mapping G.4: tools towards a model that takes them without reasoning only", () => {
    const tools: ChatRequest["tools"] = [{ kind: "function", name: "f" }];
    expect(encode({ tools }, "gpt-5.6-sol")).toMatchObject({ body: { reasoning_effort: "none" }, losses: "" });
    expect(encode({ tools, ...thinking({ type: "adaptive" }) }, "gpt-5.6-sol")).toMatchObject({
      body: { reasoning_effort: "none" },
      losses: "thinking;approximated",
    });
  });

  test("structured output, tier, user, metadata", () => {
    const schema = { type: "object" };
    const { body, losses } = encode({
      responseFormat: { type: "json_schema", schema },
      serviceTier: "standard_only",
      userId: "u".repeat(70),
      metadata: { a: "b" },
      autoCache: {},
      betas: ["b"],
      extensions: { guardrail_config: {} },
      paths: { userId: "metadata.user_id", autoCache: "cache_control", betas: "anthropic_beta" },
    });
    expect(body).toMatchObject({
      response_format: { type: "json_schema", json_schema: { name: "response", schema, strict: true } },
      service_tier: "default",
      safety_identifier: "u".repeat(64),
      metadata: { a: "b" },
    });
    expect(losses.split(",").sort()).toEqual([
      "anthropic_beta",
      "cache_control",
      "guardrail_config",
      "metadata.user_id;clamped",
    ]);
  });
});

describe("tools", () => {
  test("T-16 names that OpenAI refuses are changed in definition, choice and history, and mapped back", () => {
    const long = "n".repeat(70);
    const { body, memo } = encode({
      tools: [
        { kind: "function", name: long },
        { kind: "function", name: `${long}2` },
      ],
      toolChoice: { mode: "tool", name: long },
      messages: [{ role: "assistant", content: [{ type: "tool-call", id: "a", name: long, input: "{}" }] }],
    });
    const [a, b] = ["n".repeat(60), `${"n".repeat(60)}_2`];
    expect(body).toMatchObject({
      tools: [{ function: { name: a } }, { function: { name: b } }],
      tool_choice: { type: "function", function: { name: a } },
      messages: [{ tool_calls: [{ function: { name: a } }] }],
    });
    expect([...(memo?.toolNames ?? [])]).toEqual([
      [a, long],
      [b, `${long}2`],
    ]);
  });

  test("choices, custom tools and strictness", () => {
    const tools: ChatRequest["tools"] = [
      { kind: "function", name: "f", strict: true },
      { kind: "custom", name: "sql", grammar: { syntax: "lark", definition: "g" } },
    ];
    const choice = (toolChoice: NonNullable<ChatRequest["toolChoice"]>): unknown =>
      encode({ tools, toolChoice }).body["tool_choice"];
    expect(encode({ tools }).body["tools"] as unknown).toEqual([
      { type: "function", function: { name: "f", strict: true } },
      {
        type: "custom",
        custom: { name: "sql", format: { type: "grammar", grammar: { syntax: "lark", definition: "g" } } },
      },
    ]);
    expect(choice({ mode: "none" })).toBe("none");
    expect(choice({ mode: "tool", name: "sql" })).toEqual({ type: "custom", custom: { name: "sql" } });
    expect(choice({ mode: "required", allowed: ["f"] })).toEqual({
      type: "allowed_tools",
      allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] },
    });
  });

  test("tools that only Anthropic runs", () => {
    const tools: ChatRequest["tools"] = [
      { kind: "provider", name: "bash", raw: { type: "bash_20250124" }, at: "tools[0]" },
    ];
    expect(thrownBy(() => encode({ tools }))).toMatchObject({
      message: "tools.0.type: 'bash_20250124' is not supported for this model",
      param: "tools[0].type",
    });
  });

  test("T-69 a cache point on a tool is a loss", () => {
    expect(encode({ tools: [{ kind: "function", name: "f", cache: {}, at: "tools[0]" }] }).losses).toBe(
      "tools[0].cache_control",
    );
  });
});
