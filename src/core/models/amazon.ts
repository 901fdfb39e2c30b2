import type { ReasoningFacts } from "./facts.ts";
import type { BedrockFacts, Family } from "./row.ts";

/** Mapping B.9.2, row "Nova 2". Effort high forbids temperature, topP and maxTokens (B.9.1). */
const nova2Reasoning: ReasoningFacts = {
  style: "nova",
  efforts: { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "high", max: "high" },
  none: "omit",
  bareEffort: "high",
};

const nova1: Partial<BedrockFacts> = { image: true, video: true, s3: true };

/** Amazon Nova (mapping B.9.1, B.9.4, B.10). */
export const nova: Family = {
  match: /amazon\.nova/,
  common: {
    family: "nova",
    toolStatus: true,
    topK: "inferenceConfig.topK",
    // Cache points are accepted in system and messages, not beside tools or tool blocks.
    cacheTools: false,
  },
  rows: [
    { match: /nova-2-omni/, facts: { ...nova1, audio: true, reasoning: nova2Reasoning } },
    { match: /nova-2-sonic|nova-sonic/, facts: { audio: true, image: false } },
    { match: /nova-2/, facts: { ...nova1, reasoning: nova2Reasoning } },
    { match: /nova-micro/, facts: { image: false, document: false } },
    { match: /nova/, facts: nova1 },
  ],
};

/** Titan Text: no system prompt, no tools, end-of-life (mapping B.9.4, E). */
export const titan: Family = {
  match: /amazon\.titan/,
  common: {
    family: "titan",
    native: "bedrock_titan",
    system: false,
    image: false,
    tools: false,
    toolStream: false,
    toolChoice: [],
    cache: false,
    cacheTools: false,
    stop: "titan",
    maxOutput: 8192,
    prefill: false,
  },
  rows: [
    { match: /titan-text-premier/, facts: { maxOutput: 3072, document: false } },
    { match: /titan-text-lite/, facts: { maxOutput: 4096 } },
    { match: /titan/, facts: {} },
  ],
};
