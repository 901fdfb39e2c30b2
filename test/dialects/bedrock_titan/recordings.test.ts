import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import { isObject } from "../../../src/core/json.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import { bedrockTitan } from "../../../src/dialects/bedrock_titan/index.ts";
import { awsDecoder } from "../../../src/framing/aws.ts";
import { readRecordings, trafficDirectory, type Recording } from "../../traffic/recordings.ts";

const directory = trafficDirectory();
const context = { model: "m", created: 1 };
const facts = factsOnBedrock("amazon.titan-text-express-v1", "amazon.titan-text-express-v1");

function titanOf(folder: Parameters<typeof readRecordings>[1]): Recording[] {
  if (!directory) return [];
  return readRecordings(directory, folder).filter(({ request: { path } }) => /amazon\.titan-t(ext|g1)/.test(path));
}

function framesOf(recording: Recording): Frame[] {
  const frames: Frame[] = [];
  const framing = awsDecoder();
  framing.push(recording.response.bytes, frames);
  framing.end(frames);
  return frames;
}

function decoded(frames: readonly Frame[]): ChatEvent[] {
  const events: ChatEvent[] = [];
  const decoder = bedrockTitan.stream.decoder(context);
  for (const frame of frames) decoder.push(frame, events);
  decoder.end(events);
  return events;
}

const missing = directory ? "" : " (skipped: no TRAFFIC_DIR)";

describe.skipIf(!directory)(`recorded Titan traffic${missing}`, () => {
  test("there is some", () => {
    expect(titanOf("bedrock/InvokeModel").length).toBeGreaterThan(3);
    expect(titanOf("bedrock/InvokeModelWithResponseStream").length).toBeGreaterThan(4);
  });

  for (const recording of [...titanOf("bedrock/InvokeModel"), ...titanOf("bedrock/InvokeModelWithResponseStream")]) {
    test(`request round trip: ${recording.file}`, () => {
      const { body } = recording.request;
      if (!isObject(body)) throw new Error("the recording has no JSON body");
      const { value, losses } = bedrockTitan.request.encode(bedrockTitan.request.decode(body), facts);
      expect(value).toEqual(body);
      expect(losses).toEqual([]);
    });
  }

  for (const recording of titanOf("bedrock/InvokeModel")) {
    const text = new TextDecoder().decode(recording.response.bytes);
    if (recording.response.status === 200) {
      test(`answer round trip: ${recording.file}`, () => {
        const body = JSON.parse(text);
        expect(bedrockTitan.response.encode(bedrockTitan.response.decode(body, context), context).value).toEqual(body);
      });
    } else {
      test(`error: ${recording.file}`, () => {
        const { status, headers } = recording.response;
        const failure = bedrockTitan.error.decode(status, new Headers(headers), text);
        expect(failure.message).toBe(JSON.parse(text).message.replaceAll(/\b\d{12}\b/g, "************"));
        expect(failure.status).not.toBe(401);
      });
    }
  }

  for (const recording of titanOf("bedrock/InvokeModelWithResponseStream")) {
    test(`stream: ${recording.file}`, () => {
      const frames = framesOf(recording);
      const answer = collect(decoded(frames));
      const chunks = frames.map(({ data }) => JSON.parse(data));
      const guarded = chunks.some((chunk) => chunk["amazon-bedrock-guardrailAction"] === "INTERVENED");
      const [block] = answer.content;
      expect(block?.type === "text" && block.text).toBe(chunks.map(({ outputText }) => outputText).join(""));
      expect(answer.usage?.output).toBe(chunks.at(-1).totalOutputTextTokenCount);
      expect(answer.finish.reason).toBe(
        guarded ? "guardrail" : chunks.at(-1).completionReason === "LENGTH" ? "length" : "stop",
      );
    });

    test(`a stream cut between any two frames is no answer: ${recording.file}`, () => {
      const frames = framesOf(recording);
      for (let size = 0; size < frames.length; size++)
        expect(() => decoded(frames.slice(0, size))).toThrow(
          expect.objectContaining({ code: "upstream_stream_truncated" }),
        );
    });
  }
});
