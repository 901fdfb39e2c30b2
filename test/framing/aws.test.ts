import { describe, expect, test } from "bun:test";
import { EventStreamCodec } from "@smithy/core/event-streams";
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "../../src/core/error.ts";
import type { Frame } from "../../src/core/events.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { awsChunk, awsFrame, awsMessage } from "../../src/framing/aws-encode.ts";
import { noTraffic, trafficFolder } from "../traffic-folder.ts";

function decode(chunks: readonly Uint8Array[], maxBytes?: number): Frame[] {
  const decoder = awsDecoder(maxBytes);
  const out: Frame[] = [];
  for (const chunk of chunks) decoder.push(chunk, out);
  decoder.end(out);
  return out;
}

function failure(chunks: readonly Uint8Array[], maxBytes?: number): GatewayError {
  try {
    decode(chunks, maxBytes);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

/** A message whose lengths are as given, with a prelude CRC that vouches for them. */
function withLengths(total: number, headers: number, rest = 64): Uint8Array {
  const bytes = Buffer.alloc(12 + rest);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers, 4);
  bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

const delta = { event: "contentBlockDelta", data: '{"contentBlockIndex":0,"delta":{"text":"Grüße 🙂"}}' };
const inner = '{"type":"content_block_delta","delta":{"text":"ü🙂"}}';

describe("AWS event stream", () => {
  test("events carry their type and their payload", () => {
    expect(decode([awsFrame(delta)])).toEqual([delta]);
  });

  test("T-47 an exception is an exception, with its type and payload", () => {
    const frame = { exception: "throttlingException", data: '{"message":"slow down"}' };
    expect(decode([awsFrame(delta), awsFrame(frame)])).toEqual([delta, frame]);
  });

  test("T-47 an error message is one too, with its code and text", () => {
    const headers = { ":message-type": "error", ":error-code": "InternalError", ":error-message": "broken" };
    expect(decode([awsMessage(headers, "")])).toEqual([{ exception: "InternalError", data: "broken" }]);
  });

  test("an exception without a type is still one", () => {
    expect(decode([awsMessage({ ":message-type": "exception" }, "{}")])).toEqual([
      { exception: "UnknownException", data: "{}" },
    ]);
  });

  test.each([
    ["as Bedrock writes it", awsChunk(inner)],
    ["padding first", { p: "abc", bytes: Buffer.from(inner).toString("base64") }],
    ["spaced", JSON.stringify({ bytes: Buffer.from(inner).toString("base64"), p: "" }, null, 1)],
    ["escaped slashes", `{"bytes":"${Buffer.from(inner).toString("base64").replaceAll("/", "\\/")}"}`],
  ])("a chunk of InvokeModel is unwrapped: %s", (_, payload) => {
    const bytes =
      payload instanceof Uint8Array
        ? payload
        : awsFrame({ event: "chunk", data: typeof payload === "string" ? payload : JSON.stringify(payload) });
    expect(decode([bytes])).toEqual([{ data: inner }]);
  });

  test.each(["{}", "not json", '{"bytes":7}', '{"bytes":"', ""])(
    "a chunk that is no chunk stays as it is: %s",
    (data) => {
      expect(decode([awsFrame({ event: "chunk", data })])).toEqual([{ event: "chunk", data }]);
    },
  );

  test("T-48 cut at every byte, the prelude included, the messages are the same", () => {
    const bytes = Buffer.concat([awsFrame(delta), awsChunk(inner), awsFrame({ exception: "x", data: "{}" })]);
    const whole = decode([bytes]);
    expect(whole.length).toBe(3);
    for (let at = 1; at < bytes.length; at++) {
      expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
    expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test("any cutting of any messages gives the same frames", () => {
    const frame = fc.record({
      event: fc.string({ minLength: 1, maxLength: 20 }).filter((e) => e !== "chunk"),
      data: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1 }), fc.array(fc.nat()), (frames, points) => {
        const bytes = Buffer.concat(frames.map(awsFrame));
        const at = [0, ...points.map((point) => point % bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(decode(chunks)).toEqual(frames);
      }),
    );
  });

  test("the SDK's codec reads what we write", () => {
    const codec = new EventStreamCodec(
      (bytes) => Buffer.from(bytes).toString(),
      (text) => Buffer.from(text),
    );
    const { headers, body } = codec.decode(awsFrame(delta));
    expect(headers[":event-type"]?.value).toBe("contentBlockDelta");
    expect(Buffer.from(body).toString()).toBe(delta.data);
  });

  test("a flipped bit anywhere is found, and the messages before it are given out", () => {
    const good = awsFrame(delta);
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x10;
      const decoder = awsDecoder();
      const out: Frame[] = [];
      expect(() => {
        decoder.push(Buffer.concat([good, bad, good]), out);
        decoder.end(out);
      }).toThrow(GatewayError);
      expect(out).toEqual([delta]);
    }
  });

  test("any bytes are frames or a GatewayError, never something else", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        try {
          decode(chunks);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError);
        }
      }),
    );
  });

  test("after a corrupt message nothing more is believed", () => {
    const decoder = awsDecoder();
    const bad = Buffer.from(awsFrame(delta));
    bad[20] = 0;
    const out: Frame[] = [];
    expect(() => decoder.push(bad, out)).toThrow(GatewayError);
    expect(() => decoder.push(awsFrame(delta), out)).toThrow(GatewayError);
    expect(() => decoder.end(out)).toThrow(GatewayError);
    expect(out).toEqual([]);
  });

  test("a corrupt stream is an upstream error with its own code", () => {
    const error = failure([withLengths(100, 4000)]);
    expect([error.kind, error.code, error.status]).toEqual(["upstream", "upstream_stream_corrupt", 502]);
  });

  test.each([
    ["total below a message of nothing", 15, 0],
    ["total zero", 0, 0],
    ["headers longer than the message", 64, 49],
    ["headers above the format's limit", 10_000_000, 200_000],
    ["total above the limit", 2 ** 24 + 1, 0],
    ["huge", 0xffffffff, 0xfffffff0],
  ])("lengths are bounded: %s", (_, total, headers) => {
    expect(failure([withLengths(total, headers)]).code).toBe("upstream_stream_corrupt");
  });

  test("the limit is settable and counts whole messages", () => {
    const bytes = awsFrame(delta);
    expect(decode([bytes], bytes.length)).toEqual([delta]);
    expect(failure([bytes], bytes.length - 1).message).toContain(`larger than ${bytes.length - 1} bytes`);
    expect(failure([bytes.subarray(0, 12)], bytes.length - 1).code).toBe("upstream_stream_corrupt");
  });

  test("a declared length costs no memory before its bytes come", () => {
    const before = process.memoryUsage().arrayBuffers;
    const many = Array.from({ length: 50 }, () => awsDecoder());
    for (const one of many) one.push(withLengths(16 * 2 ** 20, 0, 4), []);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 2 ** 20);
  });

  test.each([1, 11, 12, 13, 60])("T-46 an end after %d bytes of a message is a truncation", (length) => {
    const bytes = Buffer.concat([awsFrame(delta), awsFrame(delta).subarray(0, length)]);
    expect(failure([bytes]).code).toBe("upstream_stream_truncated");
  });

  test.each([
    ["an unknown header type", Uint8Array.of(1, 97, 10, 0)],
    ["a header that is cut off", Uint8Array.of(1, 97, 7, 0, 9, 1)],
    ["a name that is cut off", Uint8Array.of(200, 97)],
    ["a length that is cut off", Uint8Array.of(1, 97, 7, 0)],
    ["a number that is cut off", Uint8Array.of(1, 97, 5, 0, 0)],
  ])("%s is corrupt", (_, block) => {
    const total = 16 + block.length;
    const bytes = Buffer.alloc(total);
    bytes.writeUInt32BE(total, 0);
    bytes.writeUInt32BE(block.length, 4);
    bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, 8)), 8);
    bytes.set(block, 12);
    bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, total - 4)), total - 4);
    expect(failure([bytes]).code).toBe("upstream_stream_corrupt");
  });

  test("a message type nobody knows is not skipped", () => {
    expect(failure([awsMessage({ ":message-type": "surprise" }, "{}")]).code).toBe("upstream_stream_corrupt");
  });

  test("many different headers do not pile up", () => {
    const frames = Array.from({ length: 500 }, (_, i) => ({ event: `kind-${i}`, data: String(i) }));
    expect(decode(frames.map(awsFrame))).toEqual(frames);
  });
});

describe.skipIf(trafficFolder === undefined)(`published vectors${noTraffic}`, () => {
  const folder = join(trafficFolder ?? "", "vectors/eventstream");
  const names = (kind: string): string[] => (trafficFolder ? readdirSync(join(folder, "encoded", kind)) : []);

  test.each(names("positive"))("good: %s", (name) => {
    const encoded = readFileSync(join(folder, "encoded/positive", name));
    const decoded: unknown = JSON.parse(readFileSync(join(folder, "decoded/positive", name), "utf8"));
    const payload = Buffer.from((decoded as { payload: string }).payload, "base64").toString();
    expect(decode([encoded])).toEqual([{ data: payload }]);
  });

  test.each(names("negative"))("corrupt: %s", (name) => {
    const encoded = readFileSync(join(folder, "encoded/negative", name));
    const said = readFileSync(join(folder, "decoded/negative", name), "utf8");
    const error = failure([encoded]);
    expect(error.code).toBe("upstream_stream_corrupt");
    expect(error.message).toContain(
      said.startsWith("Prelude") ? "of a message's lengths is wrong" : "of a message is wrong",
    );
  });

  test("every recorded event stream decodes, cut into pieces of 7 bytes too", () => {
    let streams = 0;
    for (const operation of ["ConverseStream", "InvokeModelWithResponseStream"]) {
      const recordings = join(trafficFolder ?? "", "bedrock", operation);
      for (const name of readdirSync(recordings)) {
        const { response } = JSON.parse(readFileSync(join(recordings, name), "utf8")) as {
          response: { status: number; body_base64?: string };
        };
        if (response.status !== 200 || response.body_base64 === undefined) continue;
        const bytes = Buffer.from(response.body_base64, "base64");
        const frames = decode([bytes]);
        expect(frames.length).toBeGreaterThan(0);
        for (const frame of frames) expect(() => JSON.parse(frame.data)).not.toThrow();
        const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
        expect(decode(pieces)).toEqual(frames);
        streams++;
      }
    }
    expect(streams).toBeGreaterThan(20);
  });
});
