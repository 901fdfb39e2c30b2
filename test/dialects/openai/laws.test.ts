/** Laws over made-up bodies and streams (design.md section 11). */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { Frame } from "../../../src/core/events.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { factsOnOpenAI } from "../../../src/core/models.ts";
import type { Block } from "../../../src/core/chat.ts";
import { unfold } from "../../../src/core/unfold.ts";
import { openai } from "../../../src/dialects/openai/index.ts";
import { decode, left } from "./bodies.ts";
import { decodeFrames, encodeEvents, frames } from "./codecs.ts";

/** Fields that nobody knows, on any object: `x_` never collides. */
const unknown = fc.dictionary(
  fc.stringMatching(/^x_[a-z]{1,4}$/),
  fc.oneof(fc.integer(), fc.constant(null), fc.string(), fc.constant({ deep: [1] })),
  { maxKeys: 2 },
);
const withUnknown = (known: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.tuple(known, unknown).map(([object, more]) => ({ ...object, ...(more as JsonObject) }));
const record = (model: Record<string, fc.Arbitrary<Json>>, requiredKeys: string[]): fc.Arbitrary<JsonObject> =>
  withUnknown(fc.record(model, { requiredKeys }) as fc.Arbitrary<JsonObject>);
const is = <T extends Json>(value: T): fc.Arbitrary<T> => fc.constant(value);
const word = fc.string({ maxLength: 8 });

const cache = record({ type: is("ephemeral"), ttl: fc.constantFrom("5m", "1h") }, ["type"]);
const textPart = record({ type: is("text"), text: word, cache_control: cache, guard_content: is(true) }, [
  "type",
  "text",
]);
const imagePart = record(
  {
    type: is("image_url"),
    image_url: record(
      {
        url: fc.constantFrom(
          "data:image/png;base64,iVBORw0KGgo=",
          "https://a.example/b",
          "data:application/pdf;base64,JVBERi0=",
        ),
        detail: fc.constantFrom("auto", "low", "high"),
      },
      ["url"],
    ),
  },
  ["type", "image_url"],
);
const filePart = record(
  {
    type: is("file"),
    file: record({ filename: is("a.pdf"), file_data: fc.constantFrom("JVBERi0=", "JVBE Ri0=") }, ["file_data"]),
  },
  ["type", "file"],
);
const oddPart = record({ type: is("hologram"), hologram: word }, ["type"]);
const functionCall = record(
  {
    id: fc.constantFrom("a", "b"),
    type: is("function"),
    function: record({ name: is("f"), arguments: fc.constantFrom("{}", "", "{bad") }, ["name"]),
  },
  ["id", "function"],
);
const customCall = record(
  { id: is("c"), type: is("custom"), custom: record({ name: is("g"), input: word }, ["name", "input"]) },
  ["id", "type", "custom"],
);
const thinking = fc.oneof(
  record({ type: is("thinking"), thinking: word, signature: fc.constantFrom("S", "") }, ["type", "thinking"]),
  record({ type: is("redacted_thinking"), data: is("YQ==") }, ["type", "data"]),
);
const some = (part: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.array(part, { maxLength: 3 });

const message = fc.oneof(
  record(
    { role: fc.constantFrom("system", "developer"), content: fc.oneof(word, is(null), some(textPart)), name: word },
    ["role", "content"],
  ),
  record(
    { role: is("user"), content: fc.oneof(word, some(fc.oneof(textPart, imagePart, filePart, oddPart))), name: word },
    ["role", "content"],
  ),
  record(
    {
      role: is("assistant"),
      content: fc.oneof(word, is(null), some(fc.oneof(textPart, thinking))),
      refusal: fc.constantFrom(null, "", "No."),
      tool_calls: fc.oneof(is(null), some(fc.oneof(functionCall, customCall))),
      reasoning_content: fc.constantFrom(null, "", "hm"),
      reasoning: fc.constantFrom("hm", "ho"),
      reasoning_signature: is("S"),
      thinking_blocks: some(thinking),
      function_call: fc.oneof(is(null), record({ name: is("f"), arguments: is("{}") }, ["name"])),
      annotations: is([]),
      audio: is(null),
      cache_control: cache,
    },
    ["role"],
  ),
  record(
    {
      role: is("tool"),
      tool_call_id: is("a"),
      content: fc.oneof(word, some(textPart)),
      is_error: fc.boolean(),
      name: word,
    },
    ["role", "tool_call_id"],
  ),
);
const nullable = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.oneof(is(null), value);
const tool = record(
  {
    type: is("function"),
    function: record(
      {
        name: is("f"),
        description: nullable(word),
        parameters: nullable(is({ type: "object" })),
        strict: nullable(fc.boolean()),
      },
      ["name"],
    ),
    cache_control: cache,
  },
  ["type", "function"],
);
const body = record(
  {
    model: is("m"),
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    max_tokens: nullable(fc.integer({ min: 1, max: 9 })),
    max_completion_tokens: nullable(fc.integer({ min: 1, max: 9 })),
    temperature: nullable(fc.constantFrom(0, 0.5, 2)),
    stop: fc.oneof(is(null), word, fc.array(word, { maxLength: 4 })),
    stream: nullable(fc.boolean()),
    n: is(1),
    tools: nullable(tool.map((item) => [item])),
    response_format: fc.oneof(is(null), is({ type: "text" }), is({ type: "json_object" })),
    reasoning_effort: nullable(fc.constantFrom("none", "high")),
    user: word,
    safety_identifier: word,
    metadata: nullable(is({ a: "b" })),
    logit_bias: is({ "5": 1 }),
  },
  ["model", "messages"],
);

test("round trip: a body goes back as it came, unknown fields at every depth included", () => {
  fc.assert(
    fc.property(body, (sent) => {
      expect(openai.request.encode(decode(sent), factsOnOpenAI("gpt-4o")).value).toEqual(sent);
    }),
    { numRuns: 300 },
  );
});

test("accounting: outside OpenAI every unknown field that says something is a loss", () => {
  fc.assert(
    fc.property(body, (sent) => {
      let losses: string[];
      try {
        losses = left(sent).split(",");
      } catch (thrown) {
        // A part that nobody knows is refused, never lost.
        expect(thrown).toBeInstanceOf(GatewayError);
        return;
      }
      for (const path of unknownPaths(sent, "")) expect(losses.some((loss) => path.startsWith(loss))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** Paths of the `x_` keys with a value. Cache points keep theirs: they are lost or kept as a whole, by others. */
function unknownPaths(node: Json, path: string): string[] {
  if (Array.isArray(node)) return node.flatMap((item, i) => unknownPaths(item, `${path}[${i}]`));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const at = path ? `${path}.${key}` : key;
    if (key === "cache_control") return [];
    if (key.startsWith("x_")) return value === null || value === "" ? [] : [at];
    return unknownPaths(value, at);
  });
}

const block: fc.Arbitrary<Block> = fc.oneof(
  word.map((text): Block => ({ type: "text", text })),
  fc.tuple(word, fc.constantFrom("S", "T")).map(([text, signature]): Block => ({ type: "reasoning", text, signature })),
  fc.constantFrom("{}", '{"a":1}').map((input): Block => ({ type: "tool-call", id: "t", name: "f", input })),
);
const context = { model: "M", created: 1, includeUsage: true };

test("fold: a streamed answer is the whole answer", () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 5 }), (content) => {
      const response = {
        id: "i",
        model: "M",
        content,
        finish: { reason: "stop" } as const,
        usage: { input: 1, output: 2 },
      };
      const streamed = collect(decodeFrames(frames(...encodeEvents(unfold(response), context)), context));
      const whole = openai.response.encode(response, context).value;
      const again = openai.response.encode(streamed, context).value;
      expect(again).toEqual(whole);
    }),
  );
});

test("cuts: no prefix of an answer's events ever gives [DONE]", () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 3 }), fc.nat(), (content, at) => {
      const events = unfold({ id: "i", model: "M", content, finish: { reason: "stop" } });
      const encoder = openai.stream.encoder(context);
      const out: Frame[] = [];
      for (const event of events.slice(0, at % (events.length - 1))) encoder.push(event, out);
      encoder.end(out);
      expect(out.some(({ data }) => data === "[DONE]" || data.includes('"finish_reason":"'))).toBe(false);
    }),
  );
});
