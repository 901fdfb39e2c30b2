import type { ReasoningFacts } from "./facts.ts";
import type { BedrockFacts, Family } from "./row.ts";

/** Mapping B.9.2: nested form; the flat one is rejected. `minimal` is rejected on GPT-6 and sent as low everywhere. */
const nested: ReasoningFacts = {
  style: "nested-effort",
  efforts: { none: "none", minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "xhigh", max: "max" },
};

/** Mapping B.9.2: gpt-oss cannot stop reasoning, `none` is sent as low. */
const flat: ReasoningFacts = {
  style: "flat-effort",
  efforts: { none: "low", minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "high", max: "high" },
};

/** "This model doesn't support the temperature field." and likewise for top_p and stopSequences; cachePoint is rejected. */
const proprietary: Partial<BedrockFacts> = {
  temperature: false,
  topP: "drop",
  stop: "drop",
  jsonSchema: true,
  reasoning: nested,
};

/** OpenAI's models that Bedrock serves through Converse (mapping B.9.1, B.9.4). Structured output: B.6. */
export const openaiOnBedrock: Family = {
  match: /^openai\./,
  common: { family: "openai", cache: false, cacheTools: false, prefill: false, replayThinking: "redacted" },
  rows: [
    // stopSequences rejected; native structured output reported broken.
    { match: /gpt-oss/, facts: { image: false, stop: "drop", reasoning: flat } },
    // "none" is refused.
    {
      match: /gpt-6-astra/,
      facts: { ...proprietary, reasoning: { ...nested, efforts: { ...nested.efforts, none: "low" } } },
    },
    { match: /gpt-(?:6|5\.6)/, facts: proprietary },
    { match: /gpt-5\.[45]/, facts: { ...proprietary, jsonSchema: false, onlyOnMantle: true } },
    { match: /gpt-5/, facts: { ...proprietary, jsonSchema: false } },
    { match: /./, facts: proprietary },
  ],
};
