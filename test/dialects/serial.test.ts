import { expect, test } from "bun:test";
import fc from "fast-check";
import { collect } from "../../src/core/collect.ts";
import type { ChatEvent } from "../../src/core/events.ts";
import { Serial } from "../../src/dialects/serial.ts";
import { answerOf, runAll } from "./stages.ts";

const call = (index: number, id: string): ChatEvent => ({
  type: "block-start",
  index,
  block: { type: "tool-call", id, name: "f", input: "" },
});

test("fragments of a later call wait until the earlier one is closed (mapping G.6)", () => {
  const events = answerOf(
    call(0, "a"),
    call(1, "b"),
    { type: "block-delta", index: 1, input: "{}" },
    { type: "block-delta", index: 0, input: "1" },
    { type: "block-end", index: 1 },
    { type: "block-delta", index: 0, input: "2" },
    { type: "block-end", index: 0 },
  );
  const order = runAll(new Serial(), events).flatMap((event) =>
    "index" in event ? [`${event.type} ${event.index}`] : [],
  );
  expect(order).toEqual([
    "block-start 0",
    "block-delta 0",
    "block-delta 0",
    "block-end 0",
    "block-start 1",
    "block-delta 1",
    "block-end 1",
  ]);
});

test("open text ends when a call begins, and begins again when more text comes", () => {
  const text: ChatEvent = { type: "block-start", index: 0, block: { type: "text", text: "" } };
  const events = answerOf(
    text,
    { type: "block-delta", index: 0, text: "a" },
    call(1, "c"),
    { type: "block-delta", index: 0, text: "b" },
    { type: "block-end", index: 1 },
    { type: "block-end", index: 0 },
  );
  expect(collect(runAll(new Serial(), events)).content).toMatchObject([
    { type: "text", text: "a" },
    { type: "tool-call", id: "c" },
    { type: "text", text: "b" },
  ]);
});

test("blocks never overlap and nothing of a call is lost, however its fragments are interleaved", () => {
  const step = fc.record({ index: fc.nat(3), input: fc.string({ minLength: 1, maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const want = ["", "", "", ""];
      for (const { index, input } of steps) want[index] += input;
      const events = answerOf(
        ...want.map((_, index) => call(index, String(index))),
        ...steps.map(({ index, input }): ChatEvent => ({ type: "block-delta", index, input })),
      );
      const out = runAll(new Serial(), events);
      let open: number | undefined;
      for (const event of out) {
        if (event.type === "block-start") {
          expect(open).toBeUndefined();
          open = event.index;
        } else if (event.type === "block-delta") expect(event.index).toBe(open ?? -1);
        else if (event.type === "block-end") open = undefined;
      }
      const inputs = collect(out).content.map((block) => (block.type === "tool-call" ? block.input : undefined));
      expect(inputs).toEqual(want);
    }),
  );
});
