import { describe, expect, test } from "bun:test";
import { collect } from "../../src/core/collect.ts";
import { GatewayError } from "../../src/core/error.ts";
import type { ChatEvent, Frame } from "../../src/core/events.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI } from "../../src/core/models.ts";
import type { Context, Dialect } from "../../src/dialects/dialect.ts";
import { requestsOf, responsesOf, streamsOf } from "./fixtures.ts";
import type { Probe } from "./probes.ts";
import { runAll } from "./stages.ts";

export type Law =
  | "requests round trip"
  | "responses round trip"
  | "fold"
  | "cuts"
  | "one id"
  | "dense indices"
  | "no end without an end"
  | "one error";

export type Conformance = {
  dialect: Dialect;
  probe: Probe;
  /** The model whose facts the dialect's own requests are encoded for. */
  model: string;
  /** What a body may hold that stands in the URL upstream, or is written anew: neither is compared. */
  elsewhere: { request: readonly string[]; response: readonly string[] };
  /** Laws, or single fixtures of one (`responses round trip: tomorrow`), that do not hold, each with its reason. */
  deviations?: Readonly<Record<string, string>>;
};

const context: Context = { model: "M", created: 1_700_000_000 };
const answering: Context = { ...context, seed: "0123456789abcdefghijklmnopqrstuvwxyzABCD", includeUsage: true };

/** An answer with every kind of block that streams grow. */
const everything: readonly ChatEvent[] = [
  { type: "message-start", id: "up", model: "M" },
  { type: "block-start", index: 2, block: { type: "reasoning", text: "" } },
  { type: "block-delta", index: 2, text: "hm" },
  { type: "block-delta", index: 2, signature: "c2ln" },
  { type: "block-end", index: 2 },
  { type: "block-start", index: 5, block: { type: "text", text: "" } },
  { type: "block-delta", index: 5, text: "I ask." },
  { type: "block-start", index: 7, block: { type: "tool-call", id: "call_a", name: "f", input: "" } },
  { type: "block-delta", index: 7, input: '{"a":' },
  { type: "block-start", index: 9, block: { type: "tool-call", id: "call_b", name: "g", input: "" } },
  { type: "block-delta", index: 9, input: "{}" },
  { type: "block-delta", index: 7, input: "1}" },
  { type: "block-end", index: 7 },
  { type: "block-end", index: 9 },
  { type: "block-end", index: 5 },
  { type: "message-end", finish: { reason: "tool-calls" } },
  { type: "usage", usage: { input: 3, output: 4 } },
];

/** The laws every wire format obeys (design.md section 11), over its own fixtures. A deviation is a skip with a reason. */
export function conformance({ dialect, probe, model, elsewhere, deviations = {} }: Conformance): void {
  const { id } = dialect;
  const facts = id === "openai" ? factsOnOpenAI(model) : factsOnBedrock(model, model);
  const obey = (law: Law, body: () => void, fixture?: string): void => {
    const title = fixture === undefined ? law : `${law}: ${fixture}`;
    const reason = deviations[title] ?? deviations[law];
    if (reason === undefined) test(title, body);
    else test.skip(`${title} (${reason})`, body);
  };

  const decoded = (frames: readonly Frame[]): ChatEvent[] => {
    const done = frames.findIndex(({ data }) => data === "[DONE]");
    if (dialect.stream.doneMark && done < 0) throw GatewayError.truncated();
    return runAll(dialect.stream.decoder(context), done < 0 ? frames : frames.slice(0, done));
  };
  const encoded = (events: readonly ChatEvent[]): Frame[] => runAll(dialect.stream.encoder(answering), events);

  describe(id, () => {
    test("has fixtures", () => {
      for (const fixtures of [requestsOf(id), responsesOf(id), streamsOf(id)]) expect(fixtures).not.toBeEmpty();
    });

    for (const { name, body } of requestsOf(id)) {
      obey(
        "requests round trip",
        () => {
          const { value, losses } = dialect.request.encode(dialect.request.decode(body), facts);
          expect(without(value, elsewhere.request)).toEqual(without(body, elsewhere.request));
          expect(losses).toEqual([]);
        },
        name,
      );
    }

    for (const { name, body } of responsesOf(id)) {
      obey(
        "responses round trip",
        () => {
          const { value, losses } = dialect.response.encode(dialect.response.decode(body, context), context);
          expect(without(value, elsewhere.response)).toEqual(without(body, elsewhere.response));
          expect(losses).toEqual([]);
        },
        name,
      );
    }

    for (const { name, body: frames } of streamsOf(id)) {
      const whole = responsesOf(id).find((response) => response.name === name)?.body ?? {};
      obey(
        "fold",
        () => {
          const streamed = collect(decoded(frames));
          const { content, finish, usage } = dialect.response.decode(whole, context);
          expect({ content: streamed.content, finish: streamed.finish, usage: streamed.usage }).toEqual({
            content,
            finish,
            usage,
          });
        },
        name,
      );
      obey(
        "cuts",
        () => {
          const complete = dialect.stream.doneMark ? frames.length : lastNeeded(frames);
          for (let size = 0; size < complete; size++)
            expect(() => decoded(frames.slice(0, size))).toThrow(GatewayError);
        },
        name,
      );
      obey(
        "one id",
        () => {
          const ids = new Set(encoded(decoded(frames)).flatMap((frame) => probe.id(frame) ?? []));
          expect(ids.size).toBeLessThanOrEqual(1);
        },
        name,
      );
    }

    obey("dense indices", () => {
      const begun = encoded(everything).flatMap((frame) => probe.begun(frame));
      expect(begun).toEqual(begun.map((_, i) => (begun[0] ?? 0) + i));
    });

    obey("no end without an end", () => {
      for (let size = 0; size <= everything.length; size++) {
        const events = everything.slice(0, size);
        const frames: Frame[] = [];
        const encoder = dialect.stream.encoder(answering);
        for (const event of events) encoder.push(event, frames);
        try {
          encoder.end(frames);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError);
        }
        const ended = events.some(({ type }) => type === "message-end");
        expect(frames.some((frame) => probe.isEnd(frame))).toBe(ended);
        if (ended) expect(frames.filter((frame) => probe.isError(frame))).toEqual([]);
      }
    });

    obey("one error", () => {
      const failure = new GatewayError({ kind: "rate_limit", message: "Too many requests.", code: "slow" });
      for (let size = 0; size < everything.length; size++) {
        const encoder = dialect.stream.encoder(answering);
        for (const event of everything.slice(0, size)) encoder.push(event, []);
        const frames = encoder.fail(failure);
        expect(frames.map((frame) => probe.isError(frame))).toEqual([true]);
        expect(frames[0]?.data).toContain("Too many requests.");
        expect(frames.some((frame) => probe.isEnd(frame))).toBe(false);
      }
    });
  });
}

function without(body: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

/** Frames up to the end mark; Converse's metadata behind it may be missing. */
function lastNeeded(frames: readonly Frame[]): number {
  return frames.findLastIndex(({ event }) => event !== "metadata") + 1;
}
