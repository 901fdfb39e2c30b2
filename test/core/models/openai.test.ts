import { expect, test } from "bun:test";
import type { OpenAIFacts } from "../../../src/core/models/facts.ts";
import { openaiFacts } from "../../../src/core/models/openai.ts";

/** Mapping G.4. */
const rows: readonly [id: string, facts: Partial<OpenAIFacts>][] = [
  ["gpt-3.5-turbo", { reasoning: false, maxTokensField: "max_tokens", systemRole: "system", stop: true }],
  ["gpt-4-turbo", { reasoning: false, maxTokensField: "max_tokens" }],
  ["ft:gpt-3.5-turbo:acme::abc", { maxTokensField: "max_tokens" }],
  [
    "gpt-4o-mini",
    { reasoning: false, maxTokensField: "max_completion_tokens", sampling: "always", systemRole: "system" },
  ],
  ["ft:gpt-4o-mini-2024-07-18:acme:x:abc", { maxTokensField: "max_completion_tokens" }],
  ["gpt-4o-search-preview", { sampling: "never" }],
  ["chatgpt-4o-latest", { maxTokensField: "max_completion_tokens" }],
  [
    "o3-mini",
    { reasoning: true, efforts: ["low", "medium", "high"], sampling: "never", stop: false, systemRole: "developer" },
  ],
  ["o1", { reasoning: true, sampling: "never" }],
  ["gpt-5-nano", { efforts: ["minimal", "low", "medium", "high"], sampling: "never" }],
  ["gpt-5-chat-latest", { reasoning: false, sampling: "always", systemRole: "system" }],
  ["gpt-5.1", { efforts: ["none", "low", "medium", "high"], sampling: "with-none", cacheBreakpoints: false }],
  ["gpt-5.1-chat-latest", { reasoning: true }],
  [
    "gpt-5.4-mini",
    { efforts: ["none", "low", "medium", "high", "xhigh"], sampling: "with-none", toolsNeedNone: false },
  ],
  ["gpt-5.6-terra", { toolsNeedNone: true, cacheBreakpoints: true }],
  ["gpt-6-astra", { efforts: ["low", "medium", "high", "xhigh"], sampling: "never", cacheBreakpoints: true }],
  ["gpt-6-luna", { efforts: ["none", "low", "medium", "high", "xhigh"], sampling: "with-none" }],
  ["gpt-6.1-terra", { sampling: "with-none" }],
  ["gpt-6.1-sol", { sampling: "never" }],
  ["llama-3-on-my-server", { reasoning: false, maxTokensField: "max_tokens", sampling: "always" }],
];

test.each(rows)("%s", (id, facts) => {
  expect(openaiFacts(id).openai).toMatchObject(facts);
});

test("a model that nobody knows is not held back", () => {
  expect(openaiFacts("anything")).toMatchObject({
    image: true,
    document: true,
    tools: true,
    jsonSchema: true,
    system: true,
  });
});
