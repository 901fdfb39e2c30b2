import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createParser } from "eventsource-parser";
import type { Frame } from "../../src/core/events.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { sseText } from "../../src/framing/sse-text.ts";

const utf8 = new TextEncoder();

function decode(chunks: readonly (string | Uint8Array)[], maxBytes?: number): Frame[] {
  const decoder = sseDecoder(maxBytes);
  const out: Frame[] = [];
  for (const chunk of chunks) decoder.push(typeof chunk === "string" ? utf8.encode(chunk) : chunk, out);
  decoder.end(out);
  return out;
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const points = [0, ...at.map((point) => point % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return points.slice(1).map((end, i) => bytes.subarray(points[i] ?? 0, end));
}

describe("server-sent events", () => {
  test.each<[string, string, Frame[]]>([
    ["one event", 'data: {"a":1}\n\n', [{ data: '{"a":1}' }]],
    ["no space behind the colon", "data:x\n\n", [{ data: "x" }]],
    ["only one space is cut", "data:  x \n\n", [{ data: " x " }]],
    ["a named event", "event: ping\ndata: {}\n\n", [{ event: "ping", data: "{}" }]],
    ["a name holds for one event only", "event: a\ndata: 1\n\ndata: 2\n\n", [{ event: "a", data: "1" }, { data: "2" }]],
    ["an empty name is no name", "event: a\nevent:\ndata: 1\n\n", [{ data: "1" }]],
    ["data of several lines", "data: a\ndata: b\ndata:\ndata: d\n\n", [{ data: "a\nb\n\nd" }]],
    ["empty data is data", "data\n\ndata:\n\ndata\ndata\n\n", [{ data: "" }, { data: "" }, { data: "\n" }]],
    ["a name without data is nothing", "event: a\n\ndata: 1\n\n", [{ data: "1" }]],
    [
      "comments, id, retry and unknown fields",
      ": keep-alive\n\nid: 7\nretry: 10\nx: y\ndata: 1\n: c\n\n",
      [{ data: "1" }],
    ],
    ["field names are exact", "Data: 1\n data: 2\ndata : 3\ndatax: 4\n\n", []],
    ["CRLF", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", [{ event: "a", data: "1" }, { data: "2" }]],
    ["CR", "event: a\rdata: 1\r\rdata: 2\r\r", [{ event: "a", data: "1" }, { data: "2" }]],
    ["line breaks of all kinds", "data: 1\r\ndata: 2\rdata: 3\n\r\n", [{ data: "1\n2\n3" }]],
    ["one leading BOM", "\uFEFFdata: 1\n\n\uFEFFdata: 2\n\n", [{ data: "1" }]],
    ["an event that is not closed is not given out", "data: 1\n\ndata: 2\n", [{ data: "1" }]],
    ["a line that is not closed is not given out", "data: 1\n\ndata: 2", [{ data: "1" }]],
    ["[DONE]", "data: [DONE]\n\n", [{ data: "[DONE]" }]],
    ["beyond the BMP", "data: 🙂é\n\n", [{ data: "🙂é" }]],
  ])("%s", (_, text, expected) => {
    expect(decode([text])).toEqual(expected);
    expect(decode([...utf8.encode(text)].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test("a byte sequence that is no UTF-8 becomes a replacement character, not an exception", () => {
    expect(decode([Buffer.from("data: a\xffb\n\n", "latin1")])).toEqual([{ data: "a\uFFFDb" }]);
  });

  const line = fc.oneof(
    fc.constantFrom("data: 1", "data:", "data", "event: é", ": c", "id: 1", "", "🙂", 'data: {"x":"ü🙂"}'),
    fc.string().map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
  );
  const stream = fc
    .array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")))
    .map((lines) => `${lines.map((parts) => parts.join("")).join("")}\n\n`);

  test("any cutting of the bytes gives the same events", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat()), (text, points) => {
        expect(decode(cut(utf8.encode(text), points))).toEqual(decode([text]));
      }),
    );
  });

  test("agrees with eventsource-parser", () => {
    fc.assert(
      fc.property(stream, (text) => {
        const theirs: Frame[] = [];
        createParser({
          onEvent: ({ event, data }) => theirs.push(event === undefined ? { data } : { event, data }),
        }).feed(text);
        expect(decode([text])).toEqual(theirs);
      }),
    );
  });

  test("what the writer writes comes back", () => {
    const frame = fc.record({ data: fc.string(), event: fc.constantFrom("message_start", "ping") });
    fc.assert(
      fc.property(fc.array(frame), (frames) => {
        const plain = frames.map(({ data, event }) => ({ event, data: data.replace(/\r\n?/g, "\n") }));
        expect(decode([frames.map(sseText).join("")])).toEqual(plain);
      }),
    );
  });

  test("a name with a line break cannot smuggle in a field", () => {
    expect(decode([sseText({ event: "a\ndata: evil\n\n", data: "1" })])).toEqual([
      { event: "a data: evil ", data: "1" },
    ]);
  });

  test.each([
    ["an open line", ["data: ", "x".repeat(60), "x".repeat(60)]],
    ["many short lines of one event", Array.from({ length: 30 }, () => "data: xxxxx\n")],
  ])("the limit holds for %s", (_, chunks) => {
    expect(() => decode(chunks, 100)).toThrow("larger than 100 bytes");
    expect(() => decode(["data: x\n\n".repeat(50)], 100)).not.toThrow();
  });

  test("a large event in small pieces takes linear time", () => {
    const piece = utf8.encode("x".repeat(1024));
    const started = performance.now();
    const [frame] = decode([utf8.encode("data: "), ...Array.from({ length: 8192 }, () => piece), utf8.encode("\n\n")]);
    expect(frame?.data.length).toBe(8 * 2 ** 20);
    // Quadratic copying takes half a minute here.
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
