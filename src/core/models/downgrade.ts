import type { ModelFacts } from "./facts.ts";

/** What a refusal teaches: `patch` makes the next try milder; undefined when the facts already said so. */
export type Downgrade = { patch: Partial<ModelFacts>; feature: string };

type Refusal = {
  pattern: RegExp;
  /** The metric's and the log's word for it. */
  feature: string;
  /** Absent: no retry, the caller has to change the request (mapping H maps the message). */
  patch?: (facts: ModelFacts, match: RegExpMatchArray) => Partial<ModelFacts> | undefined;
};

/** Mapping B.12, in order: the patterns are the upstream's own words, matched loosely because they vary by family. */
const refusals: readonly Refusal[] = [
  {
    pattern: /(?:doesn.t|does not) support system messages|system (?:messages|prompts?) (?:is|are) not supported/i,
    feature: "system",
    patch: () => ({ system: false }),
  },
  {
    pattern: /doesn.t support tool use in streaming mode/i,
    feature: "tool-stream",
    patch: () => ({ toolStream: false }),
  },
  { pattern: /doesn.t support tool use/i, feature: "tools" },
  {
    pattern: /doesn.t support the (temperature|topP|stopSequences|maxTokens) field/i,
    feature: "field",
    patch: (_, match) => withoutField(match[1]),
  },
  // "`temperature` is deprecated for this model." (trap T-29)
  {
    pattern: /`?(temperature|top_p)`? is (?:deprecated|not supported) (?:for|by|on) this model/i,
    feature: "field",
    patch: (_, match) => withoutField(match[1]),
  },
  {
    pattern: /temperature.*top_p.*cannot both/i,
    feature: "top_p",
    patch: () => ({ topP: "unless-temperature" }),
  },
  {
    pattern: /toolConfig\.toolChoice\.(any|tool)/i,
    feature: "tool-choice",
    patch: () => ({ toolChoice: [] }),
  },
  {
    pattern: /tool_choice.*(?:forces|thinking)|Thinking may not be enabled/i,
    feature: "thinking-with-forced-tool",
    patch: (facts) => (facts.noForcedToolWithThinking ? withoutReasoning(facts) : { noForcedToolWithThinking: true }),
  },
  {
    pattern: /thinking.*display|display.*(?:extra|not permitted)/i,
    feature: "thinking-display",
    patch: () => ({ noThinkingDisplay: true }),
  },
  {
    pattern:
      /(?:output_config|outputConfig|response_format|strict).*(?:not (?:supported|permitted)|extra inputs|extraneous)/i,
    feature: "structured-output",
    patch: () => ({ jsonSchema: false, strictTools: false }),
  },
  {
    pattern: /(?:cachePoint|cache_control|prompt caching).*(?:not supported|doesn.t support)/i,
    feature: "cache",
    patch: withoutCache,
  },
  {
    pattern: /(?:not supported|doesn.t support).*(?:cachePoint|cache_control|prompt caching)/i,
    feature: "cache",
    patch: withoutCache,
  },
  { pattern: /service tier|serviceTier/i, feature: "service-tier", patch: () => ({ serviceTier: false }) },
  {
    pattern: /(?:performance|latency).*not supported/i,
    feature: "performance",
    patch: () => ({ performance: false }),
  },
  {
    pattern:
      /doesn.t support the (?:image|document|video|audio) content block|does(?:n.t| not) support (?:image|document)s?/i,
    feature: "media",
  },
  // "… cannot be provided in the same turn": Llama 4 and others (trap T-03).
  {
    pattern: /Conversation blocks and tool result blocks cannot be provided in the same turn/i,
    feature: "text-after-results",
    patch: () => ({ textAfterResults: false }),
  },
  // With tools: "… which would pre-fill the `assistant` response. When using tools, pre-filling … is not supported." (recorded)
  {
    pattern: /When using tools, pre-filling/i,
    feature: "prefill-with-tools",
    patch: () => ({ noPrefillWithTools: true }),
  },
  {
    pattern: /does not support assistant message prefill|pre-?fill\w* .*not supported/i,
    feature: "prefill",
    patch: () => ({ prefill: false }),
  },
  // "Converse API is not supported" for Qwen2.5 and gpt-oss as imported models; "This action doesn't support the model that
  // you provided. Try again with a supported text or chat model." (mapping F.2)
  {
    pattern: /converse|(?:action|operation) (?:doesn.t|does not) support|(?:action|operation|API) is not supported/i,
    feature: "converse",
    patch: ({ imported }) => (imported ? { takesOpenAIBodies: true } : undefined),
  },
  // "Invocation of model ID … with on-demand throughput isn’t supported." needs an inference profile.
  { pattern: /with on-demand throughput isn.t supported/i, feature: "on-demand" },
];

/**
 * What to change about a model's facts when it refused a request with `message` (mapping B.12).
 * Undefined: nothing to try, the caller gets the error. A patch that changes nothing is not offered twice.
 */
export function downgrade(facts: ModelFacts, message: string): Downgrade | undefined {
  for (const { pattern, feature, patch } of refusals) {
    const match = message.match(pattern);
    if (!match) continue;
    const change = patch?.(facts, match);
    return change && changes(facts, change) ? { patch: change, feature } : undefined;
  }
  return undefined;
}

function withoutField(field: string | undefined): Partial<ModelFacts> | undefined {
  switch (field?.toLowerCase()) {
    case "temperature":
      return { temperature: false };
    case "topp":
    case "top_p":
      return { topP: "drop" };
    case "stopsequences":
      return { stop: "drop" };
    case "maxtokens":
      return { maxTokens: false };
    default:
      return undefined;
  }
}

function withoutCache(): Partial<ModelFacts> {
  return { cache: false, cacheTools: false };
}

/** `style` of a model that cannot be asked to think is never read: an empty table drops every effort. */
function withoutReasoning(facts: ModelFacts): Partial<ModelFacts> | undefined {
  return facts.reasoning && Object.keys(facts.reasoning.efforts).length > 0
    ? { reasoning: { style: facts.reasoning.style, efforts: {} } }
    : undefined;
}

function changes(facts: ModelFacts, patch: Partial<ModelFacts>): boolean {
  return Object.entries(patch).some(
    ([key, value]) => JSON.stringify(facts[key as keyof ModelFacts]) !== JSON.stringify(value),
  );
}
