import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { converseFaults } from "../../fakes/converse-rules.ts";
import { asked, gptOss, llama4, nova, openaiBody, opus46, opus5, sonnet } from "./asked.ts";

const models = [
  nova,
  sonnet,
  opus46,
  opus5,
  llama4,
  gptOss,
  "mistral.mistral-large-2407-v1:0",
  "mistral.mistral-7b-instruct-v0:2",
  "us.anthropic.claude-opus-5-5",
  "us.amazon.nova-2-lite-v1:0",
];
const words = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("", " ", "\n", "a ", "\ud800"));
const mark = fc.constantFrom<JsonObject>(
  {},
  {},
  { cache_control: { type: "ephemeral" } },
  { cache_control: { type: "ephemeral", ttl: "1h" } },
);
const parts = fc.array(
  fc.tuple(words, mark).map(([text, cache]): JsonObject => ({ type: "text", text, ...cache })),
  { maxLength: 3 },
);
const said = fc.oneof(words, parts);
const turn = fc
  .tuple(fc.constantFrom("user", "assistant", "system", "developer"), said)
  .map(([role, content]): JsonObject[] => [{ role, content }]);
/** An assistant turn with calls, and their results in any order, some twice. */
const called = fc
  .tuple(
    said,
    fc.uniqueArray(fc.constantFrom("a", "b/c", "d".repeat(70), "call_9"), { minLength: 1 }),
    fc.boolean(),
    words,
  )
  .map(([content, ids, twice, text]): JsonObject[] => [
    {
      role: "assistant",
      content,
      tool_calls: ids.map((id) => ({ id, type: "function", function: { name: `f${id.length}`, arguments: text } })),
    },
    ...[...ids.toReversed(), ...(twice ? ids.slice(0, 1) : [])].map((id): JsonObject => ({
      role: "tool",
      tool_call_id: id,
      content: text,
    })),
  ]);
const messages = fc.array(fc.oneof(turn, called), { minLength: 1, maxLength: 6 }).map((turns) => turns.flat());
const tools: JsonObject[] = ["f1", "g"].map((name) => ({ type: "function", function: { name } }));
const wishes = fc.record<JsonObject>(
  {
    tools: fc.constant(tools),
    reasoning_effort: fc.constantFrom("none", "low", "max"),
    temperature: fc.constantFrom(0, 2),
    top_p: fc.constantFrom(0, 1),
    max_tokens: fc.constantFrom(1, 1500, 200_000),
    stop: fc.constantFrom<Json>("x", ["", " ", "y"]),
    response_format: fc.constantFrom<Json>(
      { type: "json_object" },
      { type: "json_schema", json_schema: { name: "s", schema: { type: "object" } } },
    ),
    stream: fc.boolean(),
  },
  { requiredKeys: [] },
);
const asks = fc
  .tuple(fc.constantFrom(...models), messages, wishes, fc.constantFrom("auto", "none", "required"))
  .map(([model, conversation, wish, choice]) =>
    openaiBody(model, { messages: conversation, ...wish, ...(wish["tools"] !== undefined && { tool_choice: choice }) }),
  )
  // Mistral 7B has no tools: that is a 400, not a body.
  .filter((body) => !JSON.stringify(body).match(/mistral-7b.*tool/));

test("whatever is said in whatever order, Converse gets what it takes", () => {
  fc.assert(
    fc.property(asks, (body) => {
      expect(converseFaults(asked(body).body)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("every word of the caller is found upstream, in the losses, or was blank", () => {
  fc.assert(
    fc.property(asks, (body) => {
      const { body: sent, losses } = asked(body);
      const text = JSON.stringify(sent);
      for (const [i, message] of (body["messages"] as JsonObject[]).entries()) {
        const content = message["content"];
        const texts =
          typeof content === "string" ? [content] : (content as JsonObject[]).map((part) => String(part["text"]));
        for (const each of texts) {
          const words = each.toWellFormed().trim();
          const kept = words === "" || text.includes(JSON.stringify(words).slice(1, -1));
          expect(kept || losses.split(",").includes(`messages[${i}]`), `${words} of ${JSON.stringify(body)}`).toBe(
            true,
          );
        }
      }
    }),
    { numRuns: 400 },
  );
});

test("the same request gives the same body", () => {
  fc.assert(
    fc.property(asks, (body) => {
      expect(asked(structuredClone(body))).toEqual(asked(body));
    }),
    { numRuns: 100 },
  );
});
