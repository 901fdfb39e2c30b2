import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ChatResponse } from "../../src/core/chat.ts";
import { collect } from "../../src/core/collect.ts";
import { GatewayError } from "../../src/core/error.ts";
import type { ChatEvent, Frame } from "../../src/core/events.ts";
import type { Context, Dialect } from "../../src/dialects/dialect.ts";
import { dialects } from "../../src/dialects/registry.ts";
import { runAll } from "../dialects/stages.ts";
import { cutting, eventsOf, responses } from "./arbitrary.ts";
import { said } from "./said.ts";

const context: Context = {
  model: "M",
  created: 1,
  seed: "0123456789abcdefghijklmnopqrstuvwxyzABCD",
  includeUsage: true,
};
const all = [...dialects.values()];

const isDone = ({ data }: Frame): boolean => data === "[DONE]";

/** What the gateway does with a stream's frames: up to `[DONE]` where there is one, then the end. */
function decoded(dialect: Dialect, frames: readonly Frame[]): ChatEvent[] {
  const done = frames.findIndex(isDone);
  if (dialect.stream.doneMark && done < 0) throw GatewayError.truncated();
  return runAll(dialect.stream.decoder(context), done < 0 ? frames : frames.slice(0, done));
}

function viaWhole(dialect: Dialect, response: ChatResponse): ChatResponse {
  return dialect.response.decode(dialect.response.encode(response, context).value, context);
}

function viaStream(dialect: Dialect, events: readonly ChatEvent[]): ChatResponse {
  return collect(decoded(dialect, runAll(dialect.stream.encoder(context), events)));
}

const textOnly = (dialect: Dialect): boolean => dialect.id === "bedrock_titan";

/** What of an answer a dialect can say at all. */
function sayable(dialect: Dialect, response: ChatResponse): ReturnType<typeof said> {
  const whole = said(response);
  return textOnly(dialect)
    ? { ...whole, thoughts: [], calls: [], reason: whole.reason.replace("tool-calls", "stop") }
    : whole;
}

describe.each(all.map((dialect): [string, Dialect] => [dialect.id, dialect]))("%s", (_, dialect) => {
  test("law round trip: a whole answer says the same", () => {
    fc.assert(
      fc.property(responses, (response) => {
        expect(said(viaWhole(dialect, response))).toEqual(sayable(dialect, response));
      }),
    );
  });

  test("law round trip: what went through once goes through unchanged", () => {
    fc.assert(
      fc.property(responses, (response) => {
        const once = viaWhole(dialect, response);
        expect(viaWhole(dialect, once)).toEqual(once);
      }),
    );
  });

  test("law fold: a stream, however its deltas are cut, is the whole answer", () => {
    fc.assert(
      fc.property(responses, cutting, fc.boolean(), (response, cuts, early) => {
        const streamed = viaStream(dialect, eventsOf(response, cuts, early));
        const whole = viaWhole(dialect, response);
        expect(said(streamed)).toEqual(said(whole));
        expect(streamed.content).toEqual(whole.content);
        expect(streamed.finish).toEqual(whole.finish);
      }),
    );
  });

  test("law cuts: a stream that stops anywhere before its end is no answer", () => {
    fc.assert(
      fc.property(responses, cutting, (response, cuts) => {
        const frames = runAll(dialect.stream.encoder(context), eventsOf(response, cuts, true));
        const end = frames.findLastIndex((frame) => !isDone(frame) && frame.event !== "metadata");
        const last = dialect.stream.doneMark ? frames.length : end + 1;
        for (let size = 0; size < last; size++)
          expect(() => decoded(dialect, frames.slice(0, size))).toThrow(GatewayError);
        expect(() => decoded(dialect, frames)).not.toThrow();
      }),
      { numRuns: 30 },
    );
  });
});

describe.each(all.flatMap((up) => all.map((down): [string, string, Dialect, Dialect] => [up.id, down.id, up, down])))(
  "%s to %s",
  (_, __, up, down) => {
    test("law: what the upstream said is what the caller gets, whole or streamed", () => {
      fc.assert(
        fc.property(responses, cutting, (response, cuts) => {
          const arrived = decoded(up, runAll(up.stream.encoder(context), eventsOf(response, cuts, false)));
          const heard = collect(arrived);
          const given = viaStream(down, arrived);
          expect(said(given)).toEqual(sayable(down, heard));
          expect(said(given)).toEqual(said(viaWhole(down, heard)));
        }),
        { numRuns: 40 },
      );
    });
  },
);
