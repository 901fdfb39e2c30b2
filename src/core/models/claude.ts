import type { ReasoningFacts } from "./facts.ts";
import type { BedrockFacts, Family } from "./row.ts";

/** Mapping B.9.2, row "Claude adaptive". */
const adaptive: ReasoningFacts = {
  style: "claude-adaptive",
  efforts: { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "xhigh", max: "max" },
  none: "omit",
  display: true,
};

/** Mapping B.9.2, row "Claude manual"; `max` is min(32768, max output − 4096). */
function manual(maxOutput: number): ReasoningFacts {
  return {
    style: "claude-manual",
    efforts: { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "xhigh", max: "max" },
    budgets: {
      minimal: 1024,
      low: 2048,
      medium: 8192,
      high: 16384,
      xhigh: 24576,
      max: Math.min(32768, maxOutput - 4096),
    },
    none: "omit",
    noSampling: true,
  };
}

/**
 * Rows 1–6 and 13 of mapping B.9.0: "rejects sampling parameters";
 * "This model does not support assistant message prefill. The conversation must end with a user message."
 */
const newest: Partial<BedrockFacts> = {
  temperature: false,
  topP: "drop",
  prefill: false,
  cache1h: true,
  reasoning: adaptive,
};
const latest: Partial<BedrockFacts> = { ...newest, maxOutput: 128_000 };

/** Rows 8–12: `top_k` travels in the additional fields, a trailing assistant turn is continued. */
const classic: Partial<BedrockFacts> = {
  topK: "top_k",
  // 4.1 and later answer 400 when both are set (trap T-28).
  topP: "unless-temperature",
  prefill: true,
  // "When using tools, pre-filling the `assistant` response is not supported." (recorded, Claude 3 Haiku)
  noPrefillWithTools: true,
};

/** "Thinking may not be enabled when tool_choice forces tool use." (rows 7–11) */
const thinksFreely: Partial<BedrockFacts> = { ...classic, noForcedToolWithThinking: true };

/** Row 7: manual thinking is deprecated there, `xhigh` unknown, and reasoning text comes unasked. */
const fourSix: Partial<BedrockFacts> = {
  ...thinksFreely,
  prefill: false,
  cache1h: true,
  maxOutput: 128_000,
  strictTools: true,
  reasoning: { ...adaptive, efforts: { ...adaptive.efforts, xhigh: "max" }, display: false, noSampling: true },
};

/** Row 8. */
const fourFive: Partial<BedrockFacts> = {
  ...thinksFreely,
  cache1h: true,
  maxOutput: 64_000,
  strictTools: true,
  reasoning: manual(64_000),
};

/**
 * `jsonSchema` marks the rows where native structured output works (NATIVE_OK, mapping B.6). opus-4-7 and later refuse it
 * ("output_config.format: Extra inputs are not permitted"), sonnet-4-6 and haiku-4-5 are unreliable. `strictTools` marks
 * STRICT_OK (B.5.1): later models reject `strict`.
 *
 * Mapping B.9.0, tested in this order: newer names contain older ones (`opus-5-5` contains `opus-5`).
 */
export const claude: Family = {
  match: /claude/,
  common: {
    family: "claude",
    native: "bedrock_claude",
    claudeToolChoice: true,
    toolStatus: true,
    // "stop_sequences: each stop sequence must contain non-whitespace"
    stop: "visible",
    replayThinking: "all",
    closedSchemas: true,
    stopSequencePath: true,
    searchResults: true,
  },
  rows: [
    {
      match: /claude-sonnet-5-5/,
      facts: { ...latest, toolChoice: [], reasoning: { ...adaptive, none: "between-tools", defaultOn: true } },
    },
    {
      match: /claude-opus-5-5/,
      facts: { ...latest, toolChoice: [], reasoning: { ...adaptive, none: "effort-low", defaultOn: true } },
    },
    {
      match: /claude-opus-5/,
      facts: { ...latest, reasoning: { ...adaptive, none: "disabled", defaultOn: true } },
    },
    {
      match: /claude-fable-5-1/,
      facts: { ...latest, toolChoice: [], reasoning: { ...adaptive, none: "effort-low", defaultOn: true } },
    },
    {
      match: /claude-(?:fable-5|mythos)/,
      facts: { ...latest, reasoning: { ...adaptive, none: "effort-low", defaultOn: true } },
    },
    // AWS documents that 4.7 rejects thinking `disabled`, so `none` sends nothing.
    { match: /claude-opus-4-[78]/, facts: latest },
    {
      match: /claude-sonnet-5/,
      facts: { ...latest, reasoning: { ...adaptive, none: "disabled", defaultOn: true } },
    },
    { match: /claude-opus-4-6/, facts: { ...fourSix, jsonSchema: true } },
    { match: /claude-sonnet-4-6/, facts: fourSix },
    { match: /claude-(?:sonnet|opus)-4-5/, facts: { ...fourFive, jsonSchema: true } },
    { match: /claude-haiku-4-5/, facts: fourFive },
    {
      match: /claude-opus-4-1(?!\d)/,
      facts: { ...thinksFreely, jsonSchema: true, maxOutput: 32_000, reasoning: manual(32_000) },
    },
    // A date may follow, a minor version may not: `claude-opus-4-9` is newer than this table.
    {
      match: /claude-sonnet-4(?!-\d{1,2}(?!\d)|\d)/,
      facts: { ...thinksFreely, maxOutput: 64_000, reasoning: manual(64_000) },
    },
    {
      match: /claude-opus-4(?!-\d{1,2}(?!\d)|\d)/,
      facts: { ...thinksFreely, maxOutput: 32_000, reasoning: manual(32_000) },
    },
    { match: /claude-3-7/, facts: { ...thinksFreely, maxOutput: 64_000, reasoning: manual(64_000) } },
    { match: /claude-3-5-haiku/, facts: { ...classic, maxOutput: 8192, replayThinking: "none" } },
    { match: /claude-3-5/, facts: { ...classic, maxOutput: 8192, cache: false, replayThinking: "none" } },
    { match: /claude-3/, facts: { ...classic, maxOutput: 4096, cache: false, replayThinking: "none" } },
    {
      match: /claude-(?:instant|v?2)/,
      facts: {
        ...classic,
        maxOutput: 4096,
        cache: false,
        image: false,
        tools: false,
        toolStream: false,
        replayThinking: "none",
      },
    },
    // Anything newer than this table behaves like the newest, but its maximum is not guessed (row 13).
    { match: /claude-/, facts: newest },
  ],
};
