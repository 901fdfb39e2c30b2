import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { thrownBy } from "../stages.ts";
import { asked, calledOnce, functionTool, gptOss, nova, openaiBody, opus46, opus5, sonnet } from "./asked.ts";

const inference = (body: JsonObject): Json | undefined => body["inferenceConfig"];
const additional = (body: JsonObject): Json | undefined => body["additionalModelRequestFields"];
/** What a model gets of some parameters, and what it cost. */
const sent = (
  model: string,
  fields: JsonObject,
): [inference: Json | undefined, additional: Json | undefined, losses: string] => {
  const { body, losses } = asked(openaiBody(model, fields));
  return [inference(body), additional(body), losses];
};

describe("sampling", () => {
  test("T-34 zero is a value, absence is absence", () => {
    expect(sent(nova, { temperature: 0, top_p: 0 })).toEqual([{ temperature: 0, topP: 0 }, undefined, ""]);
    expect(sent(nova, {})).toEqual([undefined, undefined, ""]);
  });

  test("T-32 T-33 no maximum is invented, the newer field wins", () => {
    expect(sent(sonnet, {})[0]).toBeUndefined();
    expect(sent(nova, { max_tokens: 5, max_completion_tokens: 7 })).toEqual([
      { maxTokens: 7 },
      undefined,
      "max_tokens",
    ]);
  });

  test("T-28 T-29 what Claude refuses is dropped and said", () => {
    expect(sent(sonnet, { temperature: 0.5, top_p: 0.5 })).toEqual([{ temperature: 0.5 }, undefined, "top_p"]);
    expect(sent(sonnet, { top_p: 0.5 })).toEqual([{ topP: 0.5 }, undefined, ""]);
    expect(sent("us.anthropic.claude-opus-4-8", { temperature: 1 })).toEqual([undefined, undefined, "temperature"]);
  });

  test("a maximum above the model's own is cut for Claude, passed on for others", () => {
    expect(sent(sonnet, { max_tokens: 100_000 })).toEqual([{ maxTokens: 64_000 }, undefined, "max_tokens;clamped"]);
    expect(sent(nova, { max_tokens: 100_000 })).toEqual([{ maxTokens: 100_000 }, undefined, ""]);
  });

  test("top_k travels where the family looks for it", () => {
    expect(sent(nova, { top_k: 3 })[1]).toEqual({ inferenceConfig: { topK: 3 } });
    expect(sent("cohere.command-r-v1:0", { top_k: 3 })[1]).toEqual({ k: 3 });
    expect(sent(gptOss, { top_k: 3 })).toEqual([undefined, undefined, "top_k"]);
  });

  test("penalties reach those who know them", () => {
    const fields = { frequency_penalty: 0.5, presence_penalty: 0 };
    expect(sent("cohere.command-r-v1:0", fields)).toEqual([undefined, { frequency_penalty: 0.5 }, ""]);
    expect(sent(nova, fields)).toEqual([undefined, undefined, "frequency_penalty"]);
  });

  test("T-35 one stop string is a list, empty ones go; blank ones are refused by Claude alone", () => {
    expect(sent(nova, { stop: "x" })[0]).toEqual({ stopSequences: ["x"] });
    expect(sent(nova, { stop: ["\n", ""] })).toEqual([{ stopSequences: ["\n"] }, undefined, "stop[1]"]);
    expect(sent(nova, { stop: "" })).toEqual([undefined, undefined, "stop"]);
    expect(sent(sonnet, { stop: ["\n"] })).toEqual([undefined, undefined, "stop[0]"]);
    expect(sent(gptOss, { stop: ["x", "y"] })).toEqual([undefined, undefined, "stop"]);
  });

  test("learned refusals are obeyed", () => {
    const { body, losses } = asked(openaiBody(nova, { temperature: 0.5, max_tokens: 5 }), {
      temperature: false,
      maxTokens: false,
    });
    expect(inference(body)).toBeUndefined();
    expect(losses).toBe("temperature,max_tokens");
  });
});

describe("reasoning", () => {
  const thinking = (budget: number): JsonObject => ({ thinking: { type: "enabled", budget_tokens: budget } });
  const messages = [{ role: "user", content: "x" }];

  test.each([
    ["openai.gpt-oss-20b-1:0", "xhigh", { reasoning_effort: "high" }],
    ["us.openai.gpt-6-sol", "none", { reasoning: { effort: "none" } }],
    ["us.openai.gpt-6-sol", "max", { reasoning: { effort: "max" } }],
    ["moonshot.kimi-k2-thinking", "medium", { reasoning_effort: "high" }],
    ["us.deepseek.v3-v1:0", "minimal", { reasoning_config: "low" }],
    ["us.amazon.nova-2-lite-v1:0", "low", { reasoningConfig: { type: "enabled", maxReasoningEffort: "low" } }],
    [sonnet, "minimal", thinking(1024)],
    [sonnet, "max", thinking(32_768)],
    ["us.anthropic.claude-opus-4-1-20250805-v1:0", "max", thinking(27_904)],
    [opus46, "xhigh", { thinking: { type: "adaptive" }, output_config: { effort: "max" } }],
    [opus5, "minimal", { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } }],
    [
      "us.anthropic.claude-opus-4-8",
      "xhigh",
      { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "xhigh" } },
    ],
  ])("%s at %s", (model, effort, fields) => {
    const [, found, losses] = sent(model, { reasoning_effort: effort });
    expect(found).toEqual(fields);
    expect(losses).toBe("");
  });

  test.each([
    [nova, "low", undefined, "reasoning_effort"],
    [nova, "none", undefined, ""],
    ["us.anthropic.claude-3-5-sonnet-20241022-v2:0", "high", undefined, "reasoning_effort"],
    ["moonshot.kimi-k2-thinking", "none", undefined, "reasoning_effort"],
    ["us.deepseek.v3-v1:0", "none", undefined, ""],
    [opus46, "none", undefined, ""],
    [sonnet, "none", undefined, ""],
    [opus5, "none", { thinking: { type: "disabled" } }, ""],
    [
      "us.anthropic.claude-sonnet-5-5",
      "none",
      { thinking: { type: "between_tools" } },
      "reasoning_effort;approximated",
    ],
    ["us.anthropic.claude-opus-5-5", "none", { output_config: { effort: "low" } }, "reasoning_effort;approximated"],
    ["us.openai.gpt-6-astra", "none", { reasoning: { effort: "low" } }, "reasoning_effort;approximated"],
  ])("%s at %s", (model, effort, fields, losses) => {
    expect(sent(model, { reasoning_effort: effort }).slice(1)).toEqual([fields, losses]);
  });

  test("Nova 2 at effort high takes no sampling and no maximum", () => {
    const [config, , losses] = sent("us.amazon.nova-2-lite-v1:0", {
      reasoning_effort: "high",
      temperature: 0.1,
      top_p: 0.2,
      max_tokens: 9,
    });
    expect(config).toBeUndefined();
    expect(losses).toBe("temperature,top_p,max_tokens");
  });

  test("T-31 the budget leaves room for the answer, or there is no thinking", () => {
    expect(sent(sonnet, { reasoning_effort: "high" })[0]).toEqual({ maxTokens: 16_384 + 4096 });
    expect(sent(sonnet, { reasoning_effort: "low", max_tokens: 1280 })).toEqual([
      { maxTokens: 1280 },
      undefined,
      "reasoning_effort",
    ]);
    expect(sent(sonnet, { reasoning_effort: "high", max_tokens: 1400 })[1]).toEqual(thinking(1050));
  });

  test("T-30 a form of thinking that the model refuses becomes the one it takes", () => {
    const newer = sent("us.anthropic.claude-opus-4-7", { ...thinking(5000), max_tokens: 9000 });
    expect(newer[1]).toEqual({ thinking: { type: "adaptive" }, output_config: { effort: "medium" } });
    expect(newer[2]).toBe("thinking;approximated");
    const older = sent(sonnet, { thinking: { type: "adaptive" } });
    expect(older[1]).toEqual(thinking(8192));
    expect(older[2]).toBe("thinking;approximated");
  });

  test("Claude's thinking in an OpenAI body goes as written, its budget makes room", () => {
    expect(sent(sonnet, thinking(2000))).toEqual([{ maxTokens: 6096 }, thinking(2000), ""]);
    expect(sent(opus5, { thinking: { type: "adaptive", display: "omitted" } })[1]).toEqual({
      thinking: { type: "adaptive", display: "omitted" },
    });
    expect(sent(sonnet, { ...thinking(2000), reasoning_effort: "low" })[2]).toBe("reasoning_effort");
    expect(sent(opus5, { output_config: { effort: "high" } })[1]).toEqual({ output_config: { effort: "high" } });
    expect(sent(opus5, { thinking: { type: "disabled" }, output_config: { effort: "max" } })).toEqual([
      undefined,
      { thinking: { type: "disabled" }, output_config: { effort: "high" } },
      "output_config.effort;clamped",
    ]);
  });

  test("elsewhere Claude's thinking is an effort", () => {
    expect(sent(gptOss, thinking(5000)).slice(1)).toEqual([{ reasoning_effort: "medium" }, "thinking;approximated"]);
    expect(sent(nova, thinking(5000)).slice(1)).toEqual([undefined, "thinking"]);
    expect(sent(nova, { thinking: { type: "disabled" } }).slice(1)).toEqual([undefined, ""]);
  });

  test("thinking gives way to a forced tool, to prefill, to unsigned calls; sampling gives way to thinking", () => {
    const tools = [functionTool("f")];
    expect(sent(sonnet, { reasoning_effort: "high", tools, tool_choice: "required" }).slice(1)).toEqual([
      undefined,
      "reasoning_effort",
    ]);
    expect(sent(opus46, { reasoning_effort: "high", tools, tool_choice: "required" })[2]).toBe("reasoning_effort");
    expect(sent(opus5, { reasoning_effort: "high", tools, tool_choice: "required" })[2]).toBe("");
    const prefill = [...messages, { role: "assistant", content: "A" }];
    expect(sent(sonnet, { reasoning_effort: "high", messages: prefill })[2]).toBe("reasoning_effort");
    expect(sent(opus46, { reasoning_effort: "high", tools, messages: calledOnce() })[2]).toBe("");
    expect(sent(opus46, { reasoning_effort: "high", temperature: 1, top_p: 1, top_k: 1 })[2]).toBe(
      "temperature,top_p,top_k",
    );
  });

  test("T-71 T-72 T-73 signed and redacted thinking of history goes back to the byte, and first", () => {
    const history = calledOnce();
    const turn = {
      ...history[1],
      thinking_blocks: [
        { type: "thinking", thinking: "", signature: "ONLY" },
        { type: "thinking", thinking: " a ", signature: "SIG" },
        { type: "redacted_thinking", data: "AAA=" },
      ],
    };
    const body = openaiBody(sonnet, {
      reasoning_effort: "low",
      tools: [functionTool("f")],
      messages: [history[0] ?? {}, turn, history[2] ?? {}],
    });
    const { body: out, losses } = asked(body);
    expect((out["messages"] as JsonObject[])[1]?.["content"]).toEqual([
      { reasoningContent: { reasoningText: { text: "", signature: "ONLY" } } },
      { reasoningContent: { reasoningText: { text: " a ", signature: "SIG" } } },
      { reasoningContent: { redactedContent: "AAA=" } },
      { toolUse: { toolUseId: "c1", name: "f", input: {} } },
    ]);
    expect(losses).toBe("");
    const other = asked({ ...body, model: gptOss });
    expect(JSON.stringify(other.body)).toContain("redactedContent");
    expect(other.losses).toBe("messages[1].thinking_blocks[0],messages[1].thinking_blocks[1]");
  });

  test("a learned refusal of display takes it out, also the caller's", () => {
    const ours = asked(openaiBody(opus5, { reasoning_effort: "high" }), { noThinkingDisplay: true });
    expect(additional(ours.body)).toEqual({ thinking: { type: "adaptive" }, output_config: { effort: "high" } });
    const own = asked(openaiBody(opus5, { thinking: { type: "adaptive", display: "omitted" } }), {
      noThinkingDisplay: true,
    });
    expect(additional(own.body)).toEqual({ thinking: { type: "adaptive" } });
    expect(own.losses).toBe("thinking.display");
  });
});

describe("beside the conversation", () => {
  test("service tiers in Bedrock's words", () => {
    const tier = (model: string, service_tier: string): [Json | undefined, string] => {
      const { body, losses } = asked(openaiBody(model, { service_tier }));
      return [body["serviceTier"], losses];
    };
    expect(tier(nova, "auto")).toEqual([undefined, ""]);
    expect(tier(nova, "default")).toEqual([undefined, ""]);
    expect(tier(nova, "flex")).toEqual([{ type: "flex" }, ""]);
    expect(tier(nova, "scale")).toEqual([{ type: "reserved" }, ""]);
    expect(asked(openaiBody(nova, { service_tier: "flex" }), { serviceTier: false }).losses).toBe("service_tier");
  });

  test("extensions of the gateway", () => {
    const extensions = {
      guardrail_config: { guardrailIdentifier: "g", guardrailVersion: "1", streamProcessingMode: "sync" },
      performance_config: { latency: "optimized" },
      request_metadata: { a: "b" },
      metadata: { c: "d" },
      additional_model_request_fields: { top_k: null, thinking: { deep: 1 } },
      additional_model_response_field_paths: ["/x"],
      prompt_variables: { a: "b" },
    };
    const { body, losses } = asked(openaiBody(sonnet, { ...extensions, top_k: 5 }));
    expect(body).toMatchObject({
      guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1" },
      performanceConfig: { latency: "optimized" },
      requestMetadata: { a: "b" },
      additionalModelRequestFields: { top_k: null, thinking: { deep: 1 } },
      additionalModelResponseFieldPaths: ["/x", "/stop_sequence"],
    });
    expect(body["guardrailConfig"]).not.toHaveProperty("streamProcessingMode");
    expect(losses).toBe("metadata,prompt_variables");
    const streamed = asked(openaiBody(sonnet, { ...extensions, stream: true })).body;
    expect(streamed["guardrailConfig"]).toHaveProperty("streamProcessingMode", "sync");
    expect(streamed["additionalModelResponseFieldPaths"]).toEqual(["/x", "/delta/stop_sequence"]);
  });

  test("additional fields cannot reach a prototype", () => {
    const body = openaiBody(nova, { additional_model_request_fields: JSON.parse('{"__proto__":{"polluted":1}}') });
    expect(JSON.stringify(asked(body).body)).toContain('{"__proto__":{"polluted":1}}');
    expect(({} as JsonObject)["polluted"]).toBeUndefined();
  });

  test("metadata that leaves nothing leaves no field", () => {
    const { body, losses } = asked(openaiBody(nova, { metadata: { k: "ü" } }));
    expect(body).not.toHaveProperty("requestMetadata");
    expect(losses).toBe("metadata.k");
  });

  test("Claude's beta flags and user id", () => {
    const body = {
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 5,
      messages: [{ role: "user", content: "x" }],
      anthropic_beta: ["b1"],
      metadata: { user_id: "u" },
    };
    const claude = asked({ ...body, model: sonnet });
    expect(additional(claude.body)).toEqual({ anthropic_beta: ["b1"] });
    expect(claude.losses).toBe("metadata.user_id");
    expect(asked({ ...body, model: nova }).losses).toBe("anthropic_beta,metadata.user_id");
  });

  test("a prompt resource takes messages and variables", () => {
    const arn = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1";
    const { body, losses } = asked(
      openaiBody(arn, {
        prompt_variables: { genre: "jazz" },
        temperature: 1,
        max_tokens: 5,
        messages: [
          { role: "system", content: "S" },
          { role: "user", content: "x" },
        ],
      }),
    );
    expect(body).toEqual({
      messages: [{ role: "user", content: [{ text: "S\n\n" }, { text: "x" }] }],
      promptVariables: { genre: { text: "jazz" } },
    });
    expect(losses).toBe("messages[0];approximated,temperature,max_tokens");
    expect(thrownBy(() => asked(openaiBody(arn, { tools: [functionTool("f")] }))).param).toBe("tools");
  });
});
