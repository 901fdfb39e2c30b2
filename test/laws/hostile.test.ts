import { describe, test } from "bun:test";
import fc from "fast-check";
import { GatewayError } from "../../src/core/error.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import type { Context } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/registry.ts";
import { requestsOf, responsesOf, streamsOf } from "../dialects/fixtures.ts";

const context: Context = {
  model: "M",
  created: 1,
  seed: "0123456789abcdefghijklmnopqrstuvwxyzABCD",
  includeUsage: true,
};
const upstreams = [
  ["openai", factsOnOpenAI("gpt-4o")],
  ["bedrock_claude", factsOnBedrock("anthropic.claude-opus-4-6-v1", "anthropic.claude-opus-4-6-v1")],
  ["bedrock_converse", factsOnBedrock("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0")],
  ["bedrock_titan", factsOnBedrock("amazon.titan-text-lite-v1", "amazon.titan-text-lite-v1")],
] as const;

const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1e308, 0.5, "", " ", "x", "\ud800", [], {}, [null], [[]], [{}], {
    type: null,
  }),
  fc.constantFrom<Json>(
    "__proto__",
    { __proto__: null },
    { toString: 1 },
    { length: 3 },
    "data:",
    "data:;base64,",
    "{}",
  ),
  fc.jsonValue({ maxDepth: 2 }).map((value): Json => JSON.parse(JSON.stringify(value))),
);

/** A body with one value somewhere in it replaced, and perhaps another. */
function mutated(body: JsonObject): fc.Arbitrary<JsonObject> {
  const places = paths(body);
  return fc
    .array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 1, maxLength: 2 })
    .map((changes) => changes.reduce((whole, [path, value]) => replaced(whole, path, value), body));
}

function paths(node: Json, prefix: string[] = []): string[][] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [[...prefix, key], ...paths(value, [...prefix, key])]);
}

function replaced(body: JsonObject, path: readonly string[], value: Json): JsonObject {
  const copy = structuredClone(body);
  let node: Json = copy;
  for (const key of path.slice(0, -1)) {
    const next: Json | undefined = Array.isArray(node) ? node[Number(key)] : isObject(node) ? node[key] : undefined;
    if (typeof next !== "object" || next === null) return copy;
    node = next;
  }
  const last = path.at(-1) ?? "";
  if (Array.isArray(node)) node[Number(last)] = value;
  else if (isObject(node)) node[last] = value;
  return copy;
}

/** Runs what must either succeed or say what is wrong. */
function tolerated(run: () => void): void {
  try {
    run();
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    if (thrown.kind === "internal") throw new Error("an internal error", { cause: thrown });
  }
}

describe.each([...dialects.values()].map((dialect): [string, typeof dialect] => [dialect.id, dialect]))(
  "law hostile: %s says what is wrong and never breaks",
  (id, dialect) => {
    test("requests, to every upstream", () => {
      const bodies = fc.oneof(...requestsOf(id).map(({ body }) => mutated(body)));
      fc.assert(
        fc.property(bodies, (body) => {
          for (const [to, facts] of upstreams) {
            tolerated(() => {
              const request = dialect.request.decode(body);
              dialect.request.leave(request, facts);
              JSON.stringify(dialects.get(to)?.request.encode(request, facts).value);
            });
          }
        }),
        { numRuns: 400 },
      );
    });

    test("answers, to every caller", () => {
      const bodies = fc.oneof(...responsesOf(id).map(({ body }) => mutated(body)));
      fc.assert(
        fc.property(bodies, (body) => {
          tolerated(() => {
            const response = dialect.response.decode(body, context);
            for (const reply of dialects.values()) JSON.stringify(reply.response.encode(response, context).value);
          });
        }),
        { numRuns: 200 },
      );
    });

    test("streams, to every caller", () => {
      const streams = fc.oneof(
        ...streamsOf(id).map(({ body: frames }) => {
          const json: JsonObject = Object.fromEntries(frames.map(({ data }, i) => [i, parsed(data)]));
          return mutated(json).map((changed) => frames.map((frame, i) => ({ ...frame, data: written(changed[i]) })));
        }),
      );
      fc.assert(
        fc.property(streams, (frames) => {
          for (const reply of dialects.values()) {
            const decoder = dialect.stream.decoder(context);
            const encoder = reply.stream.encoder(context);
            tolerated(() => {
              for (const frame of frames) {
                if (frame.data === "[DONE]") break;
                const events: Parameters<typeof decoder.push>[1] = [];
                decoder.push(frame, events);
                for (const event of events) encoder.push(event, []);
              }
              const last: Parameters<typeof decoder.push>[1] = [];
              decoder.end(last);
              for (const event of last) encoder.push(event, []);
              encoder.end([]);
            });
          }
        }),
        { numRuns: 200 },
      );
    });
  },
);

function parsed(data: string): Json {
  return data === "[DONE]" ? data : JSON.parse(data);
}

function written(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
