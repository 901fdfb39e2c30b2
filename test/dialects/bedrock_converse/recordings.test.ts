import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import { isObject, type JsonObject } from "../../../src/core/json.ts";
import { decodeAwsError } from "../../../src/dialects/aws/error.ts";
import { decodeResponse, encodeResponse } from "../../../src/dialects/bedrock_converse/response.ts";
import { decoder, encoder } from "../../../src/dialects/bedrock_converse/stream.ts";
import { messages } from "../../fakes/event-stream.ts";
import { readRecordings, trafficDirectory, type Recording } from "../../traffic/recordings.ts";
import { plain, runAll, thrownBy } from "../stages.ts";

const directory = trafficDirectory();
const title = directory ? "recorded Converse traffic" : "recorded Converse traffic (skipped: no TRAFFIC_DIR)";

function frames(recording: Recording): Frame[] {
  return messages(recording.response.bytes).map(({ headers, payload }) => ({
    data: Buffer.from(payload).toString("utf8"),
    ...(headers[":event-type"] !== undefined && { event: headers[":event-type"] }),
    ...(headers[":exception-type"] !== undefined && { exception: headers[":exception-type"] }),
  }));
}

describe.skipIf(!directory)(title, () => {
  const whole = directory ? readRecordings(directory, "bedrock/Converse") : [];
  const streams = directory ? readRecordings(directory, "bedrock/ConverseStream") : [];

  test("every whole answer goes there and back without a change", () => {
    const good = whole.filter((it) => it.response.status === 200);
    expect(good.length).toBeGreaterThan(100);
    for (const { response, file } of good) {
      const body: JsonObject = JSON.parse(Buffer.from(response.bytes).toString("utf8"));
      expect({ file, body: encodeResponse(decodeResponse(body, plain)).value }).toEqual({ file, body });
    }
  });

  test("every refusal is an error with words in it", () => {
    const bad = [...whole, ...streams].filter((it) => it.response.status !== 200);
    expect(bad.length).toBeGreaterThan(20);
    for (const { response } of bad) {
      const text = Buffer.from(response.bytes).toString("utf8");
      const error = decodeAwsError(response.status, new Headers(response.headers), text);
      expect(error.message.length).toBeGreaterThan(5);
      expect(error.status).toBeGreaterThanOrEqual(400);
      expect(error.message).not.toContain("undefined");
    }
  });

  test("every stream folds to the whole answer that says the same, and is written again as the same", () => {
    const good = streams.filter((it) => it.response.streamed && !frames(it).some((frame) => frame.exception));
    expect(good.length).toBeGreaterThan(50);
    for (const recording of good) {
      const events = runAll(decoder(plain), frames(recording));
      const response = collect(events);
      expect(collect(runAll(decoder(plain), runAll(encoder(), events)))).toEqual(response);
      const again = decodeResponse(encodeResponse(response).value, plain);
      expect(spaceless(again)).toEqual(spaceless(response));
    }
  });

  test("the recorded exception in mid-stream", () => {
    const broken = streams.filter((it) => it.response.streamed && frames(it).some((frame) => frame.exception));
    expect(broken.length).toBe(1);
    for (const recording of broken) {
      const error = thrownBy(() => runAll(decoder(plain), frames(recording)));
      expect(error).toMatchObject({ status: 400, upstreamName: "ValidationException" });
      expect(error.message).toStartWith("The detected file MIME type");
    }
  });

  test("T-46 no stream cut behind any message ends as if it were whole", () => {
    for (const recording of streams.filter((it) => it.response.streamed)) {
      const all = frames(recording);
      const last = all.findIndex((frame) => frame.event === "messageStop");
      for (let cut = 0; cut < last; cut += Math.ceil(last / 20)) {
        const out: ChatEvent[] = [];
        const stage = decoder(plain);
        for (const frame of all.slice(0, cut)) stage.push(frame, out);
        expect(thrownBy(() => stage.end(out)).code).toBe("upstream_stream_truncated");
        expect(out.some((event) => event.type === "message-end")).toBe(false);
      }
    }
  });
});

/** Streamed arguments have white space and spellings of numbers that an object does not keep. */
function spaceless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spaceless);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key === "input" && typeof item === "string" ? [key, JSON.parse(item)] : [key, spaceless(item)],
    ),
  );
}
