/** Bytes from a hostile or broken network: the two stream parsers and the look at a request's bytes. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Frame, Stage } from "../../src/core/events.ts";
import { GatewayError } from "../../src/core/error.ts";
import { isObject, rounded } from "../../src/core/json.ts";
import { awsChunk, awsFrame } from "../../src/framing/aws-encode.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { Body } from "../../src/gateway/body.ts";
import { detect } from "../../src/gateway/detect.ts";
import { errorMessage, exception } from "../fakes/event-stream.ts";
import { expectOurs, fuzz, patience, tolerated } from "./cases.ts";
import { materialOf, mutated, spoiled, split } from "./material.ts";

const maxBytes = 4_096;
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

type Outcome = { frames: Frame[]; code: string | null | undefined };

function outcome(stage: Stage<Uint8Array, Frame>, parts: readonly Uint8Array[]): Outcome {
  const frames: Frame[] = [];
  try {
    for (const part of parts) stage.push(part, frames);
    stage.end(frames);
    return { frames, code: undefined };
  } catch (thrown) {
    expectOurs(thrown);
    return { frames, code: thrown instanceof GatewayError ? thrown.code : undefined };
  }
}

/** However the bytes are cut, the same comes out. */
function sameHoweverCut(make: () => Stage<Uint8Array, Frame>, bytes: Uint8Array, cuts: readonly number[]): Outcome {
  const whole = outcome(make(), [bytes]);
  const parted = outcome(make(), split(bytes, cuts));
  expect(parted).toEqual(whole);
  return whole;
}

const sseLine = fc.oneof(
  fc.constantFrom(
    "data: {}",
    "data:",
    "data",
    "event: x",
    "event",
    ":",
    ": c",
    "id: 1",
    "retry: x",
    "\ufeffdata: a",
    "data: [DONE]",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const sseBytes = fc.oneof(
  fc
    .array(fc.tuple(sseLine, fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\r\r", "")))
    .map((lines) => Buffer.from(lines.flat().join(""))),
  fc.uint8Array({ maxLength: 300 }),
);

describe("fuzz: framing", () => {
  test(
    "server-sent events",
    () => {
      fuzz(0.08, fc.tuple(sseBytes, sizes), ([bytes, cuts]) => {
        const { code } = sameHoweverCut(() => sseDecoder(maxBytes), bytes, cuts);
        expect(code).toBeUndefined();
      });
    },
    patience,
  );

  test(
    "server-sent events never hold more than their limit",
    () => {
      fuzz(
        0.01,
        fc.tuple(
          fc.constantFrom("data: xxxxxxxxx\n", "x", "data:\n", "event: y\n", ": c\n"),
          fc.integer({ min: 1, max: 64 }),
        ),
        ([piece, times]) => {
          const stage = sseDecoder(256);
          const part = Buffer.from(piece.repeat(times));
          const frames: Frame[] = [];
          tolerated(() => {
            for (let n = 0; n < 40; n += 1) stage.push(part, frames);
            stage.push(Buffer.from("\n\n"), frames);
          });
          for (const frame of frames)
            expect(frame.data.length + (frame.event?.length ?? 0)).toBeLessThanOrEqual(256 + part.length);
        },
      );
    },
    patience,
  );

  const sound = fc.oneof(
    fc
      .record({
        data: fc.string({ maxLength: 40 }),
        event: fc.constantFrom("chunk", "metadata", "contentBlockDelta", ""),
      })
      .map(awsFrame),
    fc.json({ maxDepth: 2 }).map(awsChunk),
    fc.string({ maxLength: 20 }).map((text) => exception("throttlingException", { message: text })),
    fc.string({ maxLength: 20 }).map((text) => errorMessage("InternalError", text)),
  );
  const awsBytes = fc.oneof(
    fc.array(sound, { maxLength: 5 }).chain((messages) => spoiled(Buffer.concat(messages))),
    fc.uint8Array({ maxLength: 200 }),
  );
  test(
    "AWS event streams",
    () => {
      fuzz(0.1, fc.tuple(awsBytes, sizes), ([bytes, cuts]) => {
        const { code } = sameHoweverCut(() => awsDecoder(maxBytes), bytes, cuts);
        expect([undefined, "upstream_stream_corrupt", "upstream_stream_truncated"]).toContain(code ?? undefined);
      });
    },
    patience,
  );

  test(
    "AWS event streams whose checksums are right and whose lengths or headers lie",
    () => {
      const block = fc.uint8Array({ maxLength: 60 });
      fuzz(
        0.05,
        fc.tuple(
          block,
          fc.uint8Array({ maxLength: 40 }),
          fc.integer({ min: -20, max: 80 }),
          fc.integer({ min: -20, max: 80 }),
          sizes,
        ),
        ([headers, payload, more, longer, cuts]) => {
          const total = 16 + headers.length + payload.length;
          const bytes = Buffer.alloc(total);
          bytes.writeUInt32BE(Math.max(0, total + (more > 20 ? 0 : more)), 0);
          bytes.writeUInt32BE(Math.max(0, headers.length + (longer > 20 ? 0 : longer)), 4);
          bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, 8)), 8);
          bytes.set(headers, 12);
          bytes.set(payload, 12 + headers.length);
          bytes.writeUInt32BE(Bun.hash.crc32(bytes.subarray(0, total - 4)), total - 4);
          sameHoweverCut(() => awsDecoder(maxBytes), bytes, cuts);
        },
      );
    },
    patience,
  );
});

/** Exact whole numbers as JSON.parse has them. */
function doubles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(doubles);
  if (!isObject(value)) return rounded(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, doubles(item)]));
}

describe("fuzz: the look at a request's bytes", () => {
  const bodies = (["openai", "bedrock_claude", "bedrock_titan"] as const).flatMap((id) => materialOf(id).requests);
  const body = fc.constantFrom(...bodies);
  const text = body.chain(mutated).map((value) => Buffer.from(JSON.stringify(value)));
  const bytes = fc.oneof(
    text,
    text.chain(spoiled),
    fc.uint8Array({ maxLength: 60 }),
    fc.json({ maxDepth: 5 }).chain((json) => spoiled(Buffer.from(json))),
  );

  test(
    "says yes to exactly what JSON.parse says yes to",
    () => {
      fuzz(0.1, bytes, (input) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(input));
        } catch {
          parsed = undefined;
        }
        const looked = tolerated(() => {
          const made = new Body(new Uint8Array(input), 1000);
          return { made, json: made.json };
        });
        expect(looked !== undefined).toBe(isObject(parsed));
        if (!looked || !isObject(parsed)) return;
        for (const key of Object.keys(parsed)) {
          expect(looked.made.has(key)).toBe(true);
          expect(doubles(new Body(new Uint8Array(input), 1000).value(key))).toEqual(parsed[key]);
        }
        tolerated(() => detect(looked.made, new Headers()));
        const edited: unknown = JSON.parse(
          new TextDecoder().decode(new Body(new Uint8Array(input), 1000).edited(new Set(["model"]), { stream: true })),
        );
        const { model: _model, ...rest } = parsed;
        expect(edited).toEqual({ ...rest, stream: true });
      });
    },
    patience,
  );

  test("takes a body of many keys in linear time", () => {
    const many = (count: number): Buffer<ArrayBuffer> =>
      Buffer.from(`{${Array.from({ length: count }, (_, n) => `"k${n}":0`).join(",")}}`);
    const start = performance.now();
    expect(new Body(many(300_000), 8).keys()).toHaveLength(300_000);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
