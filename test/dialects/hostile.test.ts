import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { GatewayError } from "../../src/core/error.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import { bedrockClaude } from "../../src/dialects/bedrock_claude/index.ts";
import { bedrockConverse } from "../../src/dialects/bedrock_converse/index.ts";
import { openai } from "../../src/dialects/openai/index.ts";
import { plain, runAll } from "./stages.ts";

const words = [
  "type",
  "text",
  "content",
  "role",
  "user",
  "assistant",
  "system",
  "id",
  "name",
  "input",
  "tool_use",
  "tool_result",
  "tool_use_id",
  "thinking",
  "signature",
  "source",
  "base64",
  "data",
  "media_type",
  "image",
  "document",
  "cache_control",
  "ttl",
  "citations",
  "title",
  "index",
  "delta",
  "usage",
  "messages",
  "tools",
  "input_schema",
  "toolUse",
  "start",
  "contentBlockIndex",
  "reasoningContent",
  "citation",
  "output",
  "message",
  "stopReason",
  "metadata",
  "__proto__",
  "constructor",
  "toolResult",
  "image/png",
  "content_block",
  "completion",
];
const word = fc.constantFrom(...words);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    fc.constantFrom<Json>(null, true, 0, -1, 1.5, ""),
    word,
    fc.array(tie("json"), { maxLength: 4 }),
    fc
      .dictionary(word, tie("json"), { maxKeys: 5 })
      .map((value): Json => JSON.parse(JSON.stringify(value)) as JsonObject),
  ),
}));
const object = fc
  .dictionary(word, json, { maxKeys: 6 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

/** Runs it; nothing but a GatewayError may be thrown. */
function onlyOurErrors(call: () => unknown): void {
  try {
    call();
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    expect(thrown.message).not.toContain("undefined");
  }
}

const nova = factsOnBedrock("amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0");
const gpt = factsOnOpenAI("gpt-4o");

describe("hostile JSON makes errors of ours, never a crash", () => {
  test("Claude requests, read, left and written for every upstream", () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), object, (blocks, more) => {
        const message = { role: "user", content: blocks };
        onlyOurErrors(() => {
          const request = bedrockClaude.request.decode({ ...more, max_tokens: 5, messages: [message] });
          bedrockClaude.request.encode(request, nova);
          onlyOurErrors(() => bedrockClaude.request.leave(request, nova));
          onlyOurErrors(() => bedrockClaude.request.leave(request, gpt));
          onlyOurErrors(() => bedrockConverse.request.encode(request, nova));
          onlyOurErrors(() => openai.request.encode(request, gpt));
        });
      }),
      { numRuns: 400 },
    );
  });

  const anthropic = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "error",
  ];
  test("Anthropic's events and answers", () => {
    const event = fc.tuple(fc.constantFrom(...anthropic), object).map(([type, rest]) => ({ ...rest, type }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), object, (events, body) => {
        const frames = events.map((each) => ({ data: JSON.stringify(each) }));
        onlyOurErrors(() =>
          runAll(bedrockClaude.stream.encoder(plain), runAll(bedrockClaude.stream.decoder(plain), frames)),
        );
        onlyOurErrors(() => bedrockClaude.response.encode(bedrockClaude.response.decode(body, plain), plain));
        onlyOurErrors(() => bedrockClaude.response.decode({ ...body, content: [body, ...events] }, plain));
        bedrockClaude.error.decode(400, new Headers(), JSON.stringify(body));
      }),
      { numRuns: 400 },
    );
  });

  const converse = [
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
  ];
  test("Converse's events and answers", () => {
    const step = fc.tuple(fc.constantFrom(...converse), object);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), object, json, (steps, body, content) => {
        const frames = steps.map(([event, data]) => ({ event, data: JSON.stringify(data) }));
        onlyOurErrors(() =>
          runAll(bedrockConverse.stream.encoder(plain), runAll(bedrockConverse.stream.decoder(plain), frames)),
        );
        const answer = { ...body, output: { message: { content } } };
        onlyOurErrors(() => bedrockConverse.response.encode(bedrockConverse.response.decode(answer, plain), plain));
        bedrockConverse.error.decode(400, new Headers(), JSON.stringify(body));
      }),
      { numRuns: 400 },
    );
  });

  test("results inside results end at a depth, not at the stack's", () => {
    let nested = '"x"';
    for (let i = 0; i < 1_000; i++) nested = `[{"type":"tool_result","tool_use_id":"t","content":${nested}}]`;
    const body = JSON.parse(`{"max_tokens":1,"messages":[{"role":"user","content":${nested}}]}`) as JsonObject;
    expect(() => bedrockClaude.request.decode(body)).toThrow(GatewayError);
  });

  test("no object learns a new name from it", () => {
    expect(isObject(Object.prototype) && Object.keys(Object.prototype)).toEqual([]);
  });
});
