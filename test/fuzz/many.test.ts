/** Bodies of many small things: no reader may take the square of their number, nor break on it. */
import { expect, test } from "bun:test";
import type { JsonObject } from "../../src/core/json.ts";
import { inBodyOrder, lossHeader } from "../../src/core/loss.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import { dialect } from "../../src/dialects/registry.ts";
import { tolerated } from "./cases.ts";

/** As many as fit into a body of a few MB. */
const count = 70_000;
const many = <T>(make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const hi = { role: "user", content: "Hi" };
const claude = (messages: JsonObject[]): JsonObject => ({
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 9,
  messages,
});
const text = { type: "text/plain", data: "x" };

const bodies: [string, "openai" | "bedrock_claude", JsonObject][] = [
  ["unknown keys", "openai", { model: "m", messages: [hi], ...Object.fromEntries(many((n) => [`k${n}`, 0])) }],
  [
    "odd parts",
    "openai",
    { model: "m", messages: [{ role: "user", content: many(() => ({ type: "text", text: "x", odd: 1 })) }] },
  ],
  [
    "tool calls",
    "openai",
    {
      model: "m",
      messages: [
        hi,
        {
          role: "assistant",
          tool_calls: many((n) => ({ id: `c${n}`, type: "function", function: { name: "f", arguments: "{}" } })),
        },
        ...many((n) => ({ role: "tool", tool_call_id: `c${n}`, content: "x" })),
      ],
    },
  ],
  [
    "tool uses",
    "bedrock_claude",
    claude([
      hi,
      { role: "assistant", content: many((n) => ({ type: "tool_use", id: `c${n}`, name: "f", input: {} })) },
      { role: "user", content: many((n) => ({ type: "tool_result", tool_use_id: `c${n}`, content: "x" })) },
    ]),
  ],
  [
    "documents of one name",
    "bedrock_claude",
    claude([
      {
        role: "user",
        content: [
          ...many(() => ({
            type: "document",
            title: "same",
            source: { type: "text", media_type: text.type, data: text.data },
          })),
          { type: "text", text: "read" },
        ],
      },
    ]),
  ],
];
const upstreams = [
  ["openai", factsOnOpenAI("gpt-4o")],
  ["bedrock_claude", factsOnBedrock("anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6-v1")],
  ["bedrock_converse", factsOnBedrock("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0")],
] as const;

test.each(bodies)("70,000 %s", (_name, id, body) => {
  const start = performance.now();
  for (const [to, facts] of upstreams) {
    tolerated(() => {
      const request = dialect(id).request.decode(body);
      const left = dialect(id).request.leave(request, facts);
      const { losses } = dialect(to).request.encode(request, facts);
      lossHeader(inBodyOrder(body, [...left, ...losses]));
    });
  }
  // The square of it takes minutes.
  expect(performance.now() - start).toBeLessThan(15_000);
});
