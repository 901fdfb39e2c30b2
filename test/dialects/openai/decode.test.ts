import { describe, expect, test } from "bun:test";
import { blocks, bodyWith, decode, hello, parts, talk } from "./bodies.ts";

const png = "iVBORw0KGgo=";
const call = { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } };

describe("messages", () => {
  test("T-07 developer is a system turn that remembers its name", () => {
    expect(decode(talk({ role: "developer", content: "Be brief", name: "boss" })).messages[0]).toEqual({
      role: "system",
      at: "messages[0]",
      content: [{ type: "text", text: "Be brief", at: "messages[0].content" }],
      extras: { from: "openai", fields: { role: "developer", name: "boss" } },
    });
  });

  test("T-11 content null, absent or empty gives no block", () => {
    const turns = decode(
      talk(
        { role: "assistant", content: null },
        { role: "assistant" },
        { role: "assistant", content: [] },
        { role: "user", content: "" },
      ),
    );
    expect(turns.messages.map((message) => message.content.length)).toEqual([0, 0, 0, 1]);
  });

  test("T-27 a tool message is a user turn with one result under its call's id", () => {
    const content = [
      { type: "text", text: "a" },
      { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
    ];
    const { role, content: found } = decode(talk(hello, { role: "tool", tool_call_id: "c1", content, is_error: true }))
      .messages[1]!;
    expect(role).toBe("user");
    expect(found).toMatchObject([
      {
        type: "tool-result",
        callId: "c1",
        isError: true,
        at: "messages[1]",
        content: [
          { type: "text", text: "a", at: "messages[1].content[0]" },
          { type: "media", kind: "image", at: "messages[1].content[1]" },
        ],
      },
    ]);
  });

  test("calls keep their argument text, broken or not", () => {
    const calls = [
      call,
      { id: "c2", type: "function", function: { name: "g", arguments: "{oops" } },
      { id: "c3", type: "custom", custom: { name: "sql", input: "SELECT 1" } },
      { id: "c4", function: { name: "h" } },
    ];
    expect(blocks(talk({ role: "assistant", content: "hm", tool_calls: calls }))).toMatchObject([
      { type: "text", text: "hm" },
      { type: "tool-call", id: "c1", name: "f", input: '{"a":1}', at: "messages[0].tool_calls[0]" },
      { type: "tool-call", id: "c2", name: "g", input: "{oops" },
      { type: "tool-call", id: "c3", name: "sql", input: "SELECT 1", custom: true },
      { type: "tool-call", id: "c4", name: "h", input: "" },
    ]);
  });

  test("K39 deprecated functions: ids are made from the message's index, the answer will be in the old shape", () => {
    const request = decode({
      model: "m",
      functions: [{ name: "f", parameters: { type: "object", properties: {} } }],
      function_call: "auto",
      messages: [
        hello,
        { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
        { role: "function", name: "f", content: "r" },
      ],
    });
    expect(request.legacyFunctions).toBe(true);
    expect(request.toolChoice).toEqual({ mode: "auto" });
    expect(request.tools).toMatchObject([{ kind: "function", name: "f", at: "functions[0]" }]);
    expect(request.messages[1]?.content).toMatchObject([
      { type: "tool-call", id: "call_fn_1", name: "f", input: "{}" },
    ]);
    expect(request.messages[2]?.content).toMatchObject([{ type: "tool-result", callId: "call_fn_1", name: "f" }]);
  });

  test("two calls of one function are answered from the nearest", () => {
    const old = (name: string) => ({ role: "assistant", content: null, function_call: { name, arguments: "{}" } });
    const request = decode(
      talk(
        old("f"),
        old("f"),
        { role: "function", name: "f", content: "2" },
        { role: "function", name: "f", content: "1" },
      ),
    );
    const ids = request.messages.slice(2).map(({ content: [block] }) => block?.type === "tool-result" && block.callId);
    expect(ids).toEqual(["call_fn_1", "call_fn_0"]);
  });

  test("T-71 reasoning of history stands before everything else, signatures untouched", () => {
    const found = blocks(
      talk({
        role: "assistant",
        content: "said",
        reasoning_content: "hm",
        thinking_blocks: [
          { type: "thinking", thinking: "hm", signature: " SIG " },
          { type: "redacted_thinking", data: "YWJj" },
        ],
        tool_calls: [call],
      }),
    );
    expect(found).toMatchObject([
      { type: "reasoning", text: "hm", signature: " SIG ", at: "messages[0].thinking_blocks[0]" },
      { type: "reasoning", text: "", redacted: "YWJj", at: "messages[0].thinking_blocks[1]" },
      { type: "text", text: "said" },
      { type: "tool-call" },
    ]);
  });

  test("other spellings of reasoning", () => {
    expect(
      blocks(talk({ role: "assistant", content: "x", reasoning_content: "hm", reasoning_signature: "S" }))[0],
    ).toEqual({ type: "reasoning", text: "hm", signature: "S", at: "messages[0].reasoning_content" });
    expect(blocks(talk({ role: "assistant", content: "x", reasoning: "hm" }))[0]).toEqual({
      type: "reasoning",
      text: "hm",
      at: "messages[0].reasoning",
    });
    const content = [
      { type: "thinking", thinking: "t", signature: "S" },
      { type: "redacted_thinking", data: "ZA==" },
      { type: "text", text: "x" },
    ];
    expect(blocks(talk({ role: "assistant", content }))).toMatchObject([
      { type: "reasoning", text: "t", signature: "S" },
      { type: "reasoning", redacted: "ZA==" },
      { type: "text" },
    ]);
  });

  test("a refusal of history, as field and as part", () => {
    expect(blocks(talk({ role: "assistant", refusal: "No." }))).toEqual([
      { type: "refusal", text: "No.", at: "messages[0].refusal" },
    ]);
    expect(blocks(talk({ role: "assistant", content: [{ type: "refusal", refusal: "No." }] }))).toMatchObject([
      { type: "refusal", text: "No." },
    ]);
  });
});

describe("media", () => {
  test.each([
    ["image/png", `data:image/png;base64,${png}`, { kind: "image", mediaType: "image/png" }],
    ["with parameters", `data:image/PNG;x=1;base64,${png}`, { kind: "image", mediaType: "image/png" }],
    [
      "a PDF in image_url",
      "data:application/pdf;base64,JVBERi0xLjQ=",
      { kind: "document", mediaType: "application/pdf" },
    ],
    ["white space", "data:image/png;base64,iVBO\n Rw0KGgo=", { source: { kind: "base64", data: png } }],
    ["base64url, no padding", "data:image/png;base64,-_-_YQ", { source: { kind: "base64", data: "+/+/YQ==" } }],
    [
      "https",
      "https://a.example/b.png",
      { kind: "image", mediaType: "", source: { kind: "url", url: "https://a.example/b.png" } },
    ],
    ["s3", "s3://bucket/key.png", { source: { kind: "s3", uri: "s3://bucket/key.png" } }],
  ])("image_url: %s", (_, url, expected) => {
    expect(blocks(parts({ type: "image_url", image_url: { url } }))[0]).toMatchObject({ type: "media", ...expected });
  });

  test.each([
    [
      "data URL",
      { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0xLjQ=" },
      "application/pdf",
      "document",
    ],
    ["T-45 bare base64, named", { filename: "a.CSV", file_data: "YSxi" }, "text/csv", "document"],
    ["bare base64, sniffed", { file_data: "JVBERi0xLjQ=" }, "application/pdf", "document"],
    ["an image", { file_data: png }, "image/png", "image"],
    [
      "a type that says nothing",
      { filename: "a.md", file_data: "data:application/octet-stream;base64,AAAA" },
      "text/markdown",
      "document",
    ],
    ["nothing known", { file_data: "AAAA" }, "", "document"],
  ])("file: %s", (_, file, mediaType, kind) => {
    expect(blocks(parts({ type: "file", file }))[0]).toMatchObject({ type: "media", mediaType, kind });
  });

  test("audio, video and file ids", () => {
    expect(
      blocks(
        parts(
          { type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } },
          { type: "video_url", video_url: { url: "data:video/mp4;base64,AAAA" } },
          { type: "file", file: { file_id: "file-1", filename: "n" } },
        ),
      ),
    ).toMatchObject([
      { kind: "audio", mediaType: "audio/mp3", source: { kind: "base64", data: "AAAA" } },
      { kind: "video", mediaType: "video/mp4" },
      { kind: "document", source: { kind: "file", id: "file-1" }, name: "n" },
    ]);
  });
});

describe("marks", () => {
  test.each([
    [{ prompt_cache_breakpoint: { mode: "explicit" } }, {}],
    [{ prompt_cache_breakpoint: { mode: "explicit", ttl: "12h" } }, { ttl: "1h" }],
    [{ cache_control: { type: "ephemeral" } }, {}],
    [{ cache_control: { type: "ephemeral", ttl: "5m" } }, {}],
    [{ cache_control: { type: "ephemeral", ttl: "1h" } }, { ttl: "1h" }],
  ] as const)("cache point %j knows where it stood", (mark, cache) => {
    const [key = ""] = Object.keys(mark);
    const at = (holder: string) => ({ ...cache, at: `${holder}.${key}` });
    expect(blocks(parts({ type: "text", text: "x", ...mark }))[0]?.cache).toEqual(at("messages[0].content[0]"));
    expect(blocks(talk({ role: "user", content: "x", ...mark }))[0]?.cache).toEqual(at("messages[0]"));
    const result = blocks(
      talk({ role: "tool", tool_call_id: "c", content: [{ type: "text", text: "x", ...mark }] }),
    )[0];
    expect(result?.cache).toEqual(at("messages[0].content[0]"));
    expect(result).not.toHaveProperty("content.0.cache");
    const { tools } = decode(bodyWith({ tools: [{ type: "function", function: { name: "f", ...mark } }] }));
    expect(tools?.[0]?.cache).toEqual(at("tools[0].function"));
  });

  test("breakpoints inherit the ttl of prompt_cache_options", () => {
    const message = {
      role: "user",
      content: [{ type: "text", text: "x", prompt_cache_breakpoint: { mode: "explicit" } }],
    };
    const body = { model: "m", prompt_cache_options: { ttl: "30m" }, messages: [message] };
    expect(blocks(body)[0]?.cache).toMatchObject({ ttl: "1h" });
  });

  test("guard_content", () => {
    const found = blocks(
      parts(
        { type: "text", text: "a", guard_content: true },
        { type: "text", text: "b", guard_content: { qualifiers: ["query"] } },
        { type: "text", text: "c", guard_content: false },
      ),
    );
    expect(found.map((block) => block.guard)).toEqual([{}, { qualifiers: ["query"] }, undefined]);
  });
});

describe("parameters", () => {
  test("T-33 max_completion_tokens wins over max_tokens", () => {
    const request = decode(bodyWith({ max_tokens: 5, max_completion_tokens: 7 }));
    expect([request.maxTokens, request.paths.maxTokens]).toEqual([7, "max_completion_tokens"]);
    expect(decode(bodyWith({ max_tokens: 5 })).paths.maxTokens).toBe("max_tokens");
  });

  test("T-34 zeros stay", () => {
    expect(decode(bodyWith({ temperature: 0, top_p: 0, top_k: 0, seed: 0, frequency_penalty: 0 }))).toMatchObject({
      temperature: 0,
      topP: 0,
      topK: 0,
      seed: 0,
      frequencyPenalty: 0,
    });
  });

  test("T-35 a single stop string is a list; empty items keep their index", () => {
    expect(decode(bodyWith({ stop: "END" })).stop).toEqual(["END"]);
    expect(decode(bodyWith({ stop: ["END", ""] })).stop).toEqual(["END", ""]);
  });

  test.each([
    ["none", { mode: "none" }],
    ["required", { mode: "required" }],
    [
      { type: "function", function: { name: "f" } },
      { mode: "tool", name: "f" },
    ],
    [
      { type: "custom", custom: { name: "sql" } },
      { mode: "tool", name: "sql" },
    ],
    [
      {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] },
      },
      { mode: "required", allowed: ["f"] },
    ],
  ])("tool_choice %j", (choice, expected) => {
    const tools = [
      { type: "function", function: { name: "f" } },
      {
        type: "custom",
        custom: { name: "sql", format: { type: "grammar", grammar: { syntax: "lark", definition: "g" } } },
      },
    ];
    const request = decode(bodyWith({ tools, tool_choice: choice }));
    expect(request.toolChoice).toEqual(expected as never);
    expect(request.tools?.[1]).toMatchObject({ kind: "custom", grammar: { syntax: "lark", definition: "g" } });
  });

  test("response formats", () => {
    const schema = { type: "object" };
    const of = (response_format: never) => decode(bodyWith({ response_format })).responseFormat;
    expect(of({ type: "text" } as never)).toBeUndefined();
    expect(of({ type: "json_object" } as never)).toEqual({ type: "json_object" });
    expect(
      of({ type: "json_schema", json_schema: { name: "p", strict: true, schema, description: "d" } } as never),
    ).toEqual({
      type: "json_schema",
      name: "p",
      strict: true,
      schema,
      description: "d",
    });
    expect(of({ type: "json_schema", json_schema: { name: "p" } } as never)).toEqual({ type: "json_object" });
  });

  test("Claude's words in an OpenAI body: thinking wins over reasoning_effort", () => {
    const thinking = { type: "enabled", budget_tokens: 2048 };
    expect(decode(bodyWith({ thinking, reasoning_effort: "high" }))).toMatchObject({
      reasoning: { thinking },
      paths: { reasoning: "thinking" },
    });
    expect(decode(bodyWith({ thinking, reasoning_effort: "high" })).reasoning).toEqual({ thinking });
    const format = { type: "json_schema", schema: { type: "object" } };
    expect(decode(bodyWith({ output_config: { effort: "max", format } }))).toMatchObject({
      reasoning: { effort: "max" },
      responseFormat: { type: "json_schema", schema: { type: "object" } },
      paths: { reasoning: "output_config.effort", responseFormat: "output_config.format" },
    });
  });

  test("the rest by name", () => {
    const request = decode(
      bodyWith({
        stream: true,
        stream_options: { include_usage: true },
        user: "u",
        safety_identifier: "s",
        service_tier: "flex",
        metadata: { a: "b" },
        reasoning_effort: "low",
        guardrail_config: { guardrailIdentifier: "g", guardrailVersion: "1" },
        additional_model_request_fields: { x: null },
        future: 1,
      }),
    );
    expect(request).toMatchObject({
      stream: true,
      includeUsage: true,
      userId: "s",
      serviceTier: "flex",
      metadata: { a: "b" },
      reasoning: { effort: "low" },
      extensions: {
        guardrail_config: { guardrailIdentifier: "g", guardrailVersion: "1" },
        additional_model_request_fields: { x: null },
      },
      paths: { userId: "safety_identifier", reasoning: "reasoning_effort" },
      extras: { from: "openai", fields: { user: "u", future: 1 } },
    });
  });
});
