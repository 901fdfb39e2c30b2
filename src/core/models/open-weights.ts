import type { ReasoningFacts } from "./facts.ts";
import type { BedrockFacts, Family } from "./row.ts";

/** Families that neither cache nor see images unless a row says so (mapping B.9.4). */
const plain: Partial<BedrockFacts> = { cache: false, cacheTools: false, image: false, toolIds: "published" };
const noTools: Partial<BedrockFacts> = { tools: false, toolStream: false, toolChoice: [] };

/** Mapping B.9.2: string low, medium or high; without it the model does not think. */
const reasoningConfig: ReasoningFacts = {
  style: "reasoning-config",
  none: "omit",
  efforts: { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "high", max: "high" },
};
/** Mapping B.9.2: only low, high and max exist. */
const kimiEffort: ReasoningFacts = {
  style: "flat-effort",
  efforts: { minimal: "low", low: "low", medium: "high", high: "high", xhigh: "max", max: "max" },
};

/** "This model doesn't support tool use in streaming mode." for all that take tools; none can be forced. */
const llama: Family = {
  match: /meta\.llama/,
  common: { ...plain, family: "llama", toolStream: false, toolChoice: [] },
  rows: [
    // "Conversation blocks and tool result blocks cannot be provided in the same turn."
    { match: /llama-?4/, facts: { image: true, textAfterResults: false } },
    { match: /llama3-3/, facts: {} },
    { match: /llama3-2-(?:11|90)b/, facts: { image: true } },
    // "This model doesn't support tool use." (recorded, 3b)
    { match: /llama3-2/, facts: noTools },
    { match: /llama3-1/, facts: {} },
    { match: /llama/, facts: noTools },
  ],
};

const mistral: Family = {
  match: /^mistral\./,
  common: { ...plain, family: "mistral", toolIds: "nine" },
  rows: [
    { match: /voxtral/, facts: { audio: true, jsonSchema: true } },
    { match: /mistral-large-3/, facts: { image: true, jsonSchema: true } },
    { match: /ministral/, facts: { image: true, jsonSchema: true } },
    { match: /devstral/, facts: { jsonSchema: true } },
    { match: /magistral|pixtral/, facts: { image: true } },
    { match: /mistral-large/, facts: { toolStream: false, toolChoice: ["any"] } },
    { match: /mistral-small/, facts: { toolStream: false } },
    // "This model doesn't support system messages."
    { match: /mistral-7b|mixtral-8x7b/, facts: { ...noTools, system: false, topK: "top_k" } },
  ],
};

const cohere: Family = {
  match: /^cohere\./,
  common: { ...plain, family: "cohere" },
  rows: [
    { match: /command-r/, facts: { topK: "k", penalties: true } },
    { match: /command-(?:text|light)/, facts: { ...noTools, system: false } },
  ],
};

const ai21: Family = {
  match: /^ai21\./,
  common: { ...plain, family: "ai21" },
  rows: [
    { match: /jamba-instruct/, facts: { ...noTools, document: false, penalties: true } },
    { match: /jamba/, facts: { penalties: true } },
    { match: /j2-/, facts: { ...noTools, system: false, document: false } },
  ],
};

const deepseek: Family = {
  match: /deepseek\./,
  common: { ...plain, family: "deepseek" },
  rows: [
    { match: /deepseek\.v3-v1/, facts: { jsonSchema: true, toolChoice: ["any"], reasoning: reasoningConfig } },
    { match: /deepseek\.v3/, facts: { jsonSchema: true, toolChoice: ["any"], reasoning: reasoningConfig } },
    { match: /deepseek\.r1/, facts: { ...noTools, prefill: false } },
  ],
};

/** Chat families with OpenAI-like templates; tools while streaming are tried (B.9.4 "try"). */
const qwen: Family = {
  match: /^qwen\./,
  common: { ...plain, family: "qwen", jsonSchema: true },
  rows: [
    { match: /qwen3-vl/, facts: { image: true } },
    // Recorded: `reasoning_config: "high"` is taken and answered with reasoning. Mapping B.9.2 would drop the effort.
    { match: /qwen3-32b/, facts: { reasoning: reasoningConfig } },
  ],
};
const kimi: Family = {
  match: /^moonshot(?:ai)?\./,
  common: { ...plain, family: "kimi", jsonSchema: true },
  rows: [
    { match: /kimi-k2-thinking/, facts: { reasoning: kimiEffort } },
    { match: /kimi-k2\.5/, facts: { image: true, reasoning: kimiEffort } },
  ],
};
const glm: Family = { match: /^zai\./, common: { ...plain, family: "glm", jsonSchema: true }, rows: [] };
const minimax: Family = {
  match: /^minimax\./,
  common: { ...plain, family: "minimax" },
  rows: [{ match: /minimax-m2/, facts: { jsonSchema: true } }],
};
const nemotron: Family = {
  match: /^nvidia\./,
  common: { ...plain, family: "nemotron" },
  rows: [{ match: /12b-v2|vl/, facts: { image: true } }],
};
const gemma: Family = {
  match: /^google\./,
  common: { ...plain, family: "gemma", image: true },
  rows: [
    { match: /gemma-4/, facts: { onlyOnMantle: true } },
    { match: /gemma-3-12b/, facts: { ...noTools, jsonSchema: true } },
    // Native structured output reported broken on 27b.
    { match: /gemma/, facts: {} },
  ],
};
const writer: Family = { match: /^writer\./, common: { ...plain, family: "writer", toolStream: false }, rows: [] };
const grok: Family = {
  match: /^xai\./,
  common: { family: "grok", cache: false, cacheTools: false, onlyOnMantle: true },
  rows: [],
};

/** Everything beside Claude, Amazon and OpenAI (mapping B.9.1–B.9.5). */
export const openWeights: readonly Family[] = [
  llama,
  mistral,
  cohere,
  ai21,
  deepseek,
  qwen,
  kimi,
  glm,
  minimax,
  nemotron,
  gemma,
  writer,
  grok,
];
