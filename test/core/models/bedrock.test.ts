import { expect, test } from "bun:test";
import type { ModelFacts } from "../../../src/core/models.ts";
import { bedrockFacts } from "../../../src/core/models/bedrock.ts";

type Row = [base: string, facts: Partial<ModelFacts>];

/** Mapping B.9.0, one line a row. */
const claudeRows: readonly Row[] = [
  ["anthropic.claude-sonnet-5-5", { temperature: false, toolChoice: [], prefill: false, maxOutput: 128_000 }],
  ["anthropic.claude-opus-5-5", { temperature: false, toolChoice: [], prefill: false, maxOutput: 128_000 }],
  ["anthropic.claude-opus-5", { temperature: false, toolChoice: ["any", "tool"], prefill: false }],
  ["anthropic.claude-fable-5-1", { temperature: false, toolChoice: [] }],
  ["anthropic.claude-fable-5", { temperature: false, toolChoice: ["any", "tool"] }],
  ["anthropic.claude-mythos-1", { temperature: false, toolChoice: ["any", "tool"] }],
  ["anthropic.claude-opus-4-8", { temperature: false, topP: "drop", prefill: false, jsonSchema: false }],
  ["anthropic.claude-opus-4-7", { temperature: false, topP: "drop", prefill: false, jsonSchema: false }],
  ["anthropic.claude-sonnet-5", { temperature: false, maxOutput: 128_000, jsonSchema: false }],
  [
    "anthropic.claude-sonnet-4-6",
    { temperature: true, noForcedToolWithThinking: true, prefill: false, strictTools: true },
  ],
  [
    "anthropic.claude-opus-4-6-v1",
    { temperature: true, noForcedToolWithThinking: true, prefill: false, jsonSchema: true },
  ],
  ["anthropic.claude-sonnet-4-5-20250929-v1:0", { prefill: true, cache1h: true, maxOutput: 64_000, jsonSchema: true }],
  ["anthropic.claude-opus-4-5-20251101-v1:0", { prefill: true, cache1h: true, maxOutput: 64_000, jsonSchema: true }],
  ["anthropic.claude-haiku-4-5-20251001-v1:0", { prefill: true, cache1h: true, strictTools: true, jsonSchema: false }],
  [
    "anthropic.claude-opus-4-1-20250805-v1:0",
    { maxOutput: 32_000, cache1h: false, jsonSchema: true, strictTools: false },
  ],
  ["anthropic.claude-sonnet-4-20250514-v1:0", { maxOutput: 64_000, jsonSchema: false, prefill: true }],
  ["anthropic.claude-opus-4-20250514-v1:0", { maxOutput: 32_000, jsonSchema: false, prefill: true }],
  ["anthropic.claude-3-7-sonnet-20250219-v1:0", { maxOutput: 64_000, cache: true, replayThinking: "all" }],
  ["anthropic.claude-3-5-haiku-20241022-v1:0", { maxOutput: 8192, cache: true }],
  ["anthropic.claude-3-5-sonnet-20240620-v1:0", { maxOutput: 8192, cache: false }],
  [
    "anthropic.claude-3-haiku-20240307-v1:0",
    { maxOutput: 4096, cache: false, tools: true, image: true, prefill: true },
  ],
  ["anthropic.claude-v2:1", { maxOutput: 4096, tools: false, image: false }],
  ["anthropic.claude-instant-v1", { maxOutput: 4096, tools: false, image: false }],
];

test.each(claudeRows)("%s", (base, facts) => {
  expect(bedrockFacts(base)).toMatchObject({
    family: "claude",
    native: "bedrock_claude",
    claudeToolChoice: true,
    ...facts,
  });
});

/** How thinking is asked for, and what `none` comes to. */
const thinking: readonly [base: string, style: string | undefined, none: string | undefined, defaultOn: boolean][] = [
  ["anthropic.claude-sonnet-5-5", "claude-adaptive", "between-tools", true],
  ["anthropic.claude-opus-5-5", "claude-adaptive", "effort-low", true],
  ["anthropic.claude-opus-5", "claude-adaptive", "disabled", true],
  ["anthropic.claude-fable-5-1", "claude-adaptive", "effort-low", true],
  ["anthropic.claude-fable-5", "claude-adaptive", "effort-low", true],
  ["anthropic.claude-mythos", "claude-adaptive", "effort-low", true],
  ["anthropic.claude-opus-4-7", "claude-adaptive", "omit", false],
  ["anthropic.claude-sonnet-5", "claude-adaptive", "disabled", true],
  ["anthropic.claude-opus-4-6-v1", "claude-adaptive", "omit", false],
  ["anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-manual", "omit", false],
  ["anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-manual", "omit", false],
  ["anthropic.claude-3-5-sonnet-20241022-v2:0", undefined, undefined, false],
  ["amazon.nova-2-lite-v1:0", "nova", "omit", false],
  ["amazon.nova-pro-v1:0", undefined, undefined, false],
  ["openai.gpt-oss-120b-1:0", "flat-effort", undefined, false],
  ["openai.gpt-5.6-luna", "nested-effort", undefined, false],
  ["moonshot.kimi-k2-thinking", "flat-effort", undefined, false],
  ["deepseek.v3-v1:0", "reasoning-config", "omit", false],
  ["qwen.qwen3-32b-v1:0", "reasoning-config", "omit", false],
  ["qwen.qwen3-coder-next", undefined, undefined, false],
  ["meta.llama3-3-70b-instruct-v1:0", undefined, undefined, false],
];

test.each(thinking)("reasoning of %s", (base, style, none, defaultOn) => {
  const { reasoning } = bedrockFacts(base);
  expect(reasoning?.style).toBe(style as NonNullable<typeof reasoning>["style"]);
  expect(reasoning?.none).toBe(none as NonNullable<NonNullable<typeof reasoning>["none"]>);
  expect(reasoning?.defaultOn ?? false).toBe(defaultOn);
});

test("a Claude newer than the table behaves like the newest, without a guessed maximum", () => {
  for (const base of ["anthropic.claude-opus-4-9", "anthropic.claude-sonnet-7", "anthropic.claude-zephyr-1"]) {
    const facts = bedrockFacts(base);
    expect(facts).toMatchObject({ family: "claude", temperature: false, prefill: false });
    expect(facts.reasoning?.style).toBe("claude-adaptive");
    expect(facts.maxOutput).toBeUndefined();
  }
});

/** Mapping B.9.1 and B.9.4. */
const others: readonly Row[] = [
  [
    "amazon.nova-micro-v1:0",
    { image: false, document: false, tools: true, cache: true, cacheTools: false, topK: "inferenceConfig.topK" },
  ],
  ["amazon.nova-lite-v1:0", { image: true, video: true, s3: true, toolStatus: true, stop: "keep" }],
  ["amazon.nova-2-lite-v1:0", { image: true, tools: true }],
  [
    "amazon.titan-text-express-v1",
    { native: "bedrock_titan", system: false, tools: false, cache: false, stop: "titan", maxOutput: 8192 },
  ],
  ["amazon.titan-text-lite-v1", { maxOutput: 4096 }],
  ["amazon.titan-text-premier-v1:0", { maxOutput: 3072, document: false }],
  [
    "openai.gpt-oss-20b-1:0",
    { temperature: true, stop: "drop", cache: false, image: false, jsonSchema: false, replayThinking: "redacted" },
  ],
  ["openai.gpt-5.6-sol", { temperature: false, topP: "drop", stop: "drop", cache: false, jsonSchema: true }],
  ["openai.gpt-6-astra", { temperature: false, jsonSchema: true, prefill: false }],
  ["meta.llama3-1-70b-instruct-v1:0", { tools: true, toolStream: false, toolChoice: [], cache: false }],
  ["meta.llama3-2-3b-instruct-v1:0", { tools: false, image: false }],
  ["meta.llama3-2-90b-instruct-v1:0", { tools: true, image: true }],
  ["meta.llama4-scout-17b-instruct-v1:0", { image: true, toolStream: false, textAfterResults: false }],
  ["meta.llama3-8b-instruct-v1:0", { tools: false }],
  ["mistral.mistral-7b-instruct-v0:2", { system: false, tools: false, topK: "top_k", toolIds: "nine" }],
  ["mistral.mixtral-8x7b-instruct-v0:1", { system: false, tools: false, topK: "top_k" }],
  ["mistral.mistral-large-2407-v1:0", { tools: true, toolStream: false, toolChoice: ["any"], toolIds: "nine" }],
  ["mistral.mistral-large-3-675b-instruct", { toolStream: true, jsonSchema: true }],
  ["mistral.voxtral-mini-3b-2507", { audio: true, jsonSchema: true }],
  ["cohere.command-r-plus-v1:0", { topK: "k", penalties: true, tools: true }],
  ["ai21.jamba-1-5-mini-v1:0", { penalties: true, tools: true }],
  ["deepseek.r1-v1:0", { tools: false, prefill: false }],
  ["deepseek.v3-v1:0", { tools: true, toolChoice: ["any"], jsonSchema: true }],
  ["qwen.qwen3-vl-235b-a22b", { image: true, jsonSchema: true }],
  ["qwen.qwen3-32b-v1:0", { image: false, cache: false, jsonSchema: true }],
  ["google.gemma-3-12b-it", { tools: false, jsonSchema: true }],
  ["google.gemma-3-27b-it", { tools: true, jsonSchema: false }],
  ["writer.palmyra-x5-v1:0", { tools: true, toolStream: false }],
  ["stability.sd3-large-v1:0", { notChat: true }],
  ["amazon.titan-embed-text-v2:0", { notChat: true }],
  ["cohere.rerank-v3-5:0", { notChat: true }],
  ["amazon.nova-canvas-v1:0", { notChat: true }],
];

test.each(others)("%s", (base, facts) => {
  expect(bedrockFacts(base)).toMatchObject(facts);
});

test("T-37 an ARN of an unknown family gets no field that only one family understands", () => {
  for (const base of ["", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/claude12345a"]) {
    const facts = bedrockFacts(base);
    expect(facts).toMatchObject({
      family: "unknown",
      tools: true,
      cache: true,
      claudeToolChoice: false,
      stopSequencePath: false,
    });
    expect(facts.reasoning).toBeUndefined();
    expect(facts.topK).toBeUndefined();
  }
});
