// Writes per network chunk: each is a system call and a wake-up of the caller.
import { describe, expect, test } from "bun:test";
import { converseMessages } from "../fakes/converse.ts";
import { textEvents } from "../fakes/openai.ts";
import { ask, jsonWork, type Upstream, writesOf } from "./counted.ts";

const texts = Array.from({ length: 60 }, (_, n) => ` ${n}`);
const body = (model: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Count." }] }));
const requests = {
  openai: body("gpt-4o"),
  converse: body("anthropic.claude-sonnet-4-5-20250929-v1:0"),
};
const sse = textEvents(texts);
const aws = converseMessages({ content: [{ text: texts.join("") }] }, 3);

/** So many events to a network chunk. */
function grouped(events: readonly Uint8Array[], size: number): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < events.length; at += size) out.push(new Uint8Array(Buffer.concat(events.slice(at, at + size))));
  return out;
}
/** Cut every `size` bytes, wherever that is. */
function cut(events: readonly Uint8Array[], size: number): Uint8Array[] {
  const all = new Uint8Array(Buffer.concat(events));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

describe.each([
  ["one event a chunk", 1],
  ["seven events a chunk", 7],
  ["everything in one chunk", 1000],
])("%s", (_, size) => {
  test("verbatim: every chunk goes out as the very bytes that came, in one write", async () => {
    const pieces = grouped(sse, size);
    const { answer } = await ask(requests.openai, { speaks: "openai", framing: "sse", pieces });
    const writes = await writesOf(answer);
    expect(writes).toHaveLength(pieces.length);
    expect(
      writes.map((write, n) => write === pieces[n] || Buffer.from(write).equals(Buffer.from(pieces[n] ?? ""))),
    ).toEqual(pieces.map(() => true));
    // The chunk with the end mark is cut behind it; the others are not even looked at by a copy.
    const same = writes.filter((write, n) => write === pieces[n]).length;
    expect(same).toBeGreaterThanOrEqual(pieces.length - 1);
  });

  test("ConverseStream: at most one write a chunk", async () => {
    const pieces = grouped(aws, size);
    const { answer } = await ask(requests.converse, { speaks: "bedrock_converse", framing: "aws", pieces });
    const writes = await writesOf(answer);
    expect(writes.length).toBeLessThanOrEqual(pieces.length + 1);
    expect(writes.join("")).toContain("data: [DONE]");
  });
});

test.each<[string, Uint8Array<ArrayBuffer>, Upstream]>([
  ["verbatim", requests.openai, { speaks: "openai", framing: "sse", pieces: cut(sse, 37) }],
  ["ConverseStream", requests.converse, { speaks: "bedrock_converse", framing: "aws", pieces: cut(aws, 37) }],
])("%s, cut every 37 bytes: never more writes than chunks", async (_, request, upstream) => {
  const { answer } = await ask(request, upstream);
  const writes = await writesOf(answer);
  expect(writes.length).toBeLessThanOrEqual(upstream.pieces.length);
});

test("verbatim: of all events only those with a finish reason, usage or an error are parsed", async () => {
  const upstream = { speaks: "openai", framing: "sse", pieces: grouped(sse, 1) } as const;
  const work = await jsonWork(1, async () => writesOf((await ask(requests.openai, upstream)).answer));
  expect(work.parsed).toBeLessThanOrEqual(3);
});

test("ConverseStream: one parse a message, one text written a chunk at most", async () => {
  const upstream = { speaks: "bedrock_converse", framing: "aws", pieces: grouped(aws, 1) } as const;
  const work = await jsonWork(1, async () => writesOf((await ask(requests.converse, upstream)).answer));
  // The request is one more.
  expect(work.parsed).toBeLessThanOrEqual(aws.length + 1);
});
