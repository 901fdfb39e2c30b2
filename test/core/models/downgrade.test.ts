import { describe, expect, test } from "bun:test";
import { factsOnBedrock, type ModelFacts } from "../../../src/core/models.ts";
import { downgrade } from "../../../src/core/models/downgrade.ts";

const unknown: ModelFacts = { ...factsOnBedrock("acme.model-1", "acme.model-1"), jsonSchema: true, strictTools: true };
const claude = factsOnBedrock("anthropic.claude-sonnet-4-5", "anthropic.claude-sonnet-4-5");

/** Mapping B.12: what the upstream says, and what is different the next time. */
const rows: readonly [message: string, patch: Partial<ModelFacts>][] = [
  ["This model doesn't support system messages. Try again without system messages.", { system: false }],
  ["This model doesn't support tool use in streaming mode.", { toolStream: false }],
  ["This model doesn't support the temperature field. Remove temperature and try again.", { temperature: false }],
  ["This model doesn't support the topP field.", { topP: "drop" }],
  ["This model doesn't support the stopSequences field.", { stop: "drop" }],
  ["This model doesn't support the maxTokens field.", { maxTokens: false }],
  ["The model returned the following errors: `temperature` is deprecated for this model.", { temperature: false }],
  ["`temperature` and `top_p` cannot both be specified for this model.", { topP: "unless-temperature" }],
  ["This model doesn't support the toolConfig.toolChoice.any field. Remove it and try again.", { toolChoice: [] }],
  ["Thinking may not be enabled when tool_choice forces tool use.", { noForcedToolWithThinking: true }],
  ["output_config.format: Extra inputs are not permitted", { jsonSchema: false, strictTools: false }],
  ["tools.0.custom.strict: Extra inputs are not permitted", { jsonSchema: false, strictTools: false }],
  [
    "You do not have access to explicit prompt caching; cachePoint is not supported",
    { cache: false, cacheTools: false },
  ],
  ["This model doesn't support prompt caching", { cache: false, cacheTools: false }],
  ["The provided service tier is not supported for this model", { serviceTier: false }],
  ["Latency performance configuration is not supported for this model", { performance: false }],
  ["Conversation blocks and tool result blocks cannot be provided in the same turn.", { textAfterResults: false }],
  ["thinking.adaptive.display: Extra inputs are not permitted", { noThinkingDisplay: true }],
  [
    "This model does not support assistant message prefill. The conversation must end with a user message.",
    { prefill: false },
  ],
  [
    "Your API request included an `assistant` message in the final position, which would pre-fill the `assistant` response. When using tools, pre-filling the `assistant` response is not supported.",
    { noPrefillWithTools: true },
  ],
];

describe("a refusal becomes a milder model", () => {
  test.each(rows)("%s", (message, patch) => {
    const first = downgrade(unknown, message);
    expect(first?.patch).toEqual(patch);
    expect(first?.feature).toBeString();
    // Once learned it is not tried again: no loop.
    expect(downgrade({ ...unknown, ...patch }, message)).toBeUndefined();
  });
});

test.each([
  "This model doesn't support tool use.",
  "This model doesn't support the video content block that you provided. Update the content block and try again.",
  "This model does not support images",
  "Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
  "Input is too long for requested model.",
])("no second try: %s", (message) => {
  expect(downgrade(unknown, message)).toBeUndefined();
});

test("thinking that a forced tool forbids although it is known to is dropped altogether", () => {
  const found = downgrade(claude, "Thinking may not be enabled when tool_choice forces tool use.");
  expect(found?.patch.reasoning?.efforts).toEqual({});
});
