/** Every dialect's readers under JSON that nobody meant: requests, answers, streams and errors. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { DialectId } from "../../src/core/chat.ts";
import type { Frame } from "../../src/core/events.ts";
import type { Json } from "../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import type { Context, Dialect } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/registry.ts";
import { awsChunk, awsFrame } from "../../src/framing/aws-encode.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseText } from "../../src/framing/sse-text.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { ForwardBytes } from "../../src/gateway/forward-bytes.ts";
import { ForwardFrames } from "../../src/gateway/forward.ts";
import type { Transform } from "../../src/gateway/transform.ts";
import { Translation } from "../../src/gateway/translation.ts";
import { verbatimJson } from "../../src/gateway/verbatim-json.ts";
import { expectOurs, fuzz, patience, tolerated } from "./cases.ts";
import { anyObject, materialOf, mutated, spoiled, split, wordsOf } from "./material.ts";

const context: Context = {
  model: "M",
  created: 1,
  seed: "0123456789abcdefghijklmnopqrstuvwxyzABCD",
  includeUsage: true,
};
const upstreams = [
  ["openai", factsOnOpenAI("gpt-4o")],
  ["openai", factsOnOpenAI("o3")],
  ["bedrock_claude", factsOnBedrock("anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6-v1")],
  ["bedrock_converse", factsOnBedrock("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0")],
  ["bedrock_converse", factsOnBedrock("anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6-v1")],
  ["bedrock_titan", factsOnBedrock("amazon.titan-text-lite-v1", "amazon.titan-text-lite-v1")],
] as const;
const maxEvent = 1 << 20;
const doneFrame: Frame = { data: "[DONE]" };

describe.each([...dialects.values()].map((dialect): [DialectId, Dialect] => [dialect.id, dialect]))(
  "fuzz: %s",
  (id, dialect) => {
    const material = materialOf(id);

    test(
      "requests, to every upstream",
      () => {
        const body = fc.oneof(
          { arbitrary: fc.constantFrom(...material.requests).chain(mutated), weight: 3 },
          { arbitrary: anyObject(wordsOf(material.requests)), weight: 1 },
        );
        fuzz(0.05, body, (value) => {
          if (typeof value !== "object" || value === null || Array.isArray(value)) return;
          for (const [to, facts] of upstreams) {
            tolerated(() => {
              const request = dialect.request.decode(structuredClone(value));
              dialect.request.leave(request, facts);
              JSON.stringify(dialects.get(to)?.request.encode(request, facts).value);
            });
          }
        });
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect("polluted" in {}).toBe(false);
      },
      patience,
    );

    test(
      "answers, to every caller",
      () => {
        const body = fc.oneof(
          { arbitrary: fc.constantFrom(...material.responses).chain(mutated), weight: 3 },
          { arbitrary: anyObject(wordsOf(material.responses)), weight: 1 },
        );
        fuzz(0.04, body, (value) => {
          tolerated(() => verbatimJson(Buffer.from(JSON.stringify(value)), dialect, context));
          if (typeof value !== "object" || value === null || Array.isArray(value)) return;
          const response = tolerated(() => dialect.response.decode(structuredClone(value), context));
          if (!response) return;
          for (const reply of dialects.values())
            tolerated(() => JSON.stringify(reply.response.encode(response, context).value));
        });
      },
      patience,
    );

    /** An event with its data as JSON; what was no JSON stays text. */
    const eventsOf = (frames: readonly Frame[]): Json[] =>
      frames.filter(({ data }) => data !== "[DONE]").map(({ data, event }): Json => [event ?? null, parsed(data)]);
    const frameOf = (step: Json): Frame => {
      const [name, data] = Array.isArray(step) ? step : [null, step];
      const text = typeof data === "string" ? data : JSON.stringify(data ?? null);
      if (typeof name !== "string") return { data: text };
      return name.endsWith("Exception") ? { exception: name, data: text } : { event: name, data: text };
    };
    const streams = fc.oneof(
      { arbitrary: fc.constantFrom(...material.streams.map(eventsOf)).chain(mutated), weight: 3 },
      { arbitrary: fc.array(anyObject(wordsOf(material.streams.flatMap(eventsOf))), { maxLength: 6 }), weight: 1 },
      {
        arbitrary: fc.constantFrom(...material.streams.map(eventsOf)).chain((steps) => fc.shuffledSubarray(steps)),
        weight: 1,
      },
      { arbitrary: fc.array(fc.string({ unit: "binary", maxLength: 20 }), { maxLength: 4 }), weight: 1 },
    );

    test(
      "streams, to every caller, down to the bytes",
      () => {
        fuzz(
          0.05,
          fc.tuple(streams, fc.boolean(), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 })),
          ([steps, ended, cuts]) => {
            const frames = (Array.isArray(steps) ? steps : [steps]).map(frameOf);
            if (ended && dialect.stream.doneMark) frames.push(doneFrame);
            const parts = split(wireOf(id, frames), cuts);
            for (const transform of transforms(dialect)) through(transform, parts);
          },
        );
      },
      patience,
    );

    test(
      "streams of spoiled bytes",
      () => {
        const bytes = fc.constantFrom(...material.streams).map((frames) => wireOf(id, frames));
        fuzz(
          0.02,
          fc.tuple(bytes.chain(spoiled), fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 })),
          ([spoilt, cuts]) => {
            for (const transform of transforms(dialect)) through(transform, split(spoilt, cuts));
          },
        );
      },
      patience,
    );

    test(
      "errors, to every caller",
      () => {
        const text = fc.oneof(
          fc.string({ unit: "binary", maxLength: 60 }),
          anyObject([
            "error",
            "message",
            "Message",
            "type",
            "code",
            "param",
            "__type",
            "detail",
            "errors",
            "request_id",
            "originalStatusCode",
          ]).map((value) => JSON.stringify(value)),
          fc.json(),
        );
        const headers = fc.dictionary(
          fc.constantFrom("x-amzn-errortype", "retry-after", "retry-after-ms", "x-amzn-requestid", "content-type"),
          fc.oneof(
            fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
            fc.constantFrom("-1", "1e9", "NaN", "Wed, 21 Oct 2025 07:28:00 GMT", "ThrottlingException:http://x/"),
          ),
        );
        fuzz(
          0.03,
          fc.tuple(fc.oneof(fc.integer({ min: 400, max: 599 }), fc.constantFrom(600, 999)), headers, text),
          ([status, given, body]) => {
            const error = dialect.error.decode(status, new Headers({ ...given }), body);
            expectOurs(error);
            for (const reply of dialects.values()) {
              const told = reply.error.encode(error, "req_1");
              expect(told.status).toBeGreaterThanOrEqual(400);
              expect(
                new Response(JSON.stringify(told.body), { status: told.status, headers: told.headers }).status,
              ).toBe(told.status);
              JSON.stringify(reply.stream.encoder(context).fail(error));
            }
          },
        );
      },
      patience,
    );
  },
);

function parsed(data: string): Json {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

/** Frames as the upstream of that dialect puts them on the wire. */
function wireOf(id: DialectId, frames: readonly Frame[]): Uint8Array {
  if (id === "openai") return Buffer.from(frames.map(sseText).join(""));
  const chunked = id !== "bedrock_converse";
  return Buffer.concat(
    frames.map((frame) => (chunked && frame.exception === undefined ? awsChunk(frame.data) : awsFrame(frame))),
  );
}

function* transforms(dialect: Dialect): Generator<Transform> {
  const framing = dialect.id === "openai" ? () => sseDecoder(maxEvent) : () => awsDecoder(maxEvent);
  const write = sseText;
  for (const reply of dialects.values()) {
    yield new Translation({
      framing: framing(),
      upstream: dialect,
      reply,
      context,
      write,
      hideReasoning: false,
      doneMark: dialect.stream.doneMark,
    });
  }
  yield dialect.id === "openai"
    ? new ForwardBytes({ dialect, context, framing, write, maxEvent })
    : new ForwardFrames({ framing: framing(), dialect, context, write });
}

/** Plays the pump's part; a transform never throws, and has either an end or a failure that is ours. */
function through(transform: Transform, parts: readonly Uint8Array[]): void {
  for (const part of parts) {
    transform.push(part);
    if (transform.failure || transform.complete) break;
  }
  if (!transform.failure && !transform.complete) transform.end();
  if (transform.failure) {
    expectOurs(transform.failure);
    transform.fail(transform.failure);
  } else expect(transform.complete).toBe(true);
}
