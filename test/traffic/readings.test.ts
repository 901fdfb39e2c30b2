import { describe, expect, test } from "bun:test";
import { differences } from "./difference.ts";
import { expectation, outputOf } from "./expectation.ts";
import { inboundOf } from "./inbound.ts";
import { emptyReading } from "./reading.ts";
import { folders, readRecordings, trafficDirectory } from "./recordings.ts";
import { ruledOut } from "./ruled-out.ts";
import { sseEvents } from "./sse.ts";
import { firstException, meaning, upstreamAnswer } from "./upstream-answer.ts";

const directory = trafficDirectory();

test("an SSE event counts when its blank line came", () => {
  const events = sseEvents(Buffer.from(": hi\n\nevent: a\r\ndata: 1\r\n\r\ndata: 2\ndata:3\n\ndata: cut\n"));
  expect(events).toEqual([
    { event: "a", data: "1" },
    { event: undefined, data: "2\n3" },
  ]);
});

test("a reading that differs in one field is told so", () => {
  const expected = { ...emptyReading(), text: "a", finish: "stop" };
  expect(differences(expected, expected)).toEqual([]);
  expect(differences(expected, { ...expected, text: "b" })).toEqual(['text: expected "a", got "b"']);
  expect(differences(expected, { ...expected, calls: [{ id: "1", name: "f", input: {} }] })).toHaveLength(1);
});

test("an id that the upstream left empty may be any, but not empty", () => {
  const call = (id: string) => ({ ...emptyReading(), calls: [{ id, name: "f", input: {} }] });
  expect(differences(call(""), call("call_made"))).toEqual([]);
  expect(differences(call(""), call(""))).toHaveLength(1);
});

describe.skipIf(directory === undefined)(
  "the harness's own reading of the recordings (skipped: no recordings here)",
  () => {
    test.each(folders)("%s: every good answer is read without a fault", (folder) => {
      const faulty: string[] = [];
      for (const recording of readRecordings(directory ?? "", folder)) {
        const inbound = inboundOf(recording);
        const answer = upstreamAnswer(recording);
        if ("excluded" in inbound || answer.status !== 200 || firstException(answer)) continue;
        if (ruledOut(recording, inbound, "openai")) continue;
        const reading = meaning(answer, inbound.wire);
        if (reading.faults.length > 0 || !reading.ended || reading.error)
          faulty.push(`${recording.file}: ${reading.faults.join()}`);
        else if (inbound.wire !== "bedrock_converse" && inbound.wire !== "openai") {
          // A verbatim answer must agree with what a translation would have to say, calls beside `end_turn` aside.
          const own = expectation(reading, inbound.wire, outputOf(inbound.wire), inbound.stream);
          const told = differences({ ...own, finish: reading.finish }, { ...reading, guarded: false });
          if (inbound.wire === "bedrock_claude" && told.length > 0) faulty.push(`${recording.file}: ${told.join()}`);
        }
      }
      expect(faulty).toEqual([]);
    });
  },
);
