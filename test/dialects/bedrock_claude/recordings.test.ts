import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import type { ChatResponse } from "../../../src/core/chat.ts";
import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import { isObject, type JsonObject } from "../../../src/core/json.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import { bedrockClaude } from "../../../src/dialects/bedrock_claude/index.ts";
import { messages } from "../../fakes/event-stream.ts";
import { readRecordings, trafficDirectory, type Recording } from "../../traffic/recordings.ts";
import { sseEvents } from "../../traffic/sse.ts";
import { plain, runAll, thrownBy } from "../stages.ts";

const directory = trafficDirectory();
const title = directory ? "recorded Claude traffic" : "recorded Claude traffic (skipped: no TRAFFIC_DIR)";
const { request, response, stream, error } = bedrockClaude;
const facts = factsOnBedrock("anthropic.claude-sonnet-4-5", "anthropic.claude-sonnet-4-5");

function text(recording: Recording): string {
  return Buffer.from(recording.response.bytes).toString("utf8");
}

function sseFrames(recording: Recording): Frame[] {
  return sseEvents(recording.response.bytes).map(({ event, data }) => ({
    data,
    ...(event !== undefined && { event }),
  }));
}

/** Anthropic's events as InvokeModelWithResponseStream carries them: undefined for the older text completions. */
function invokeFrames(recording: Recording): Frame[] | undefined {
  const data = messages(recording.response.bytes).map(({ payload }) =>
    Buffer.from(JSON.parse(Buffer.from(payload).toString("utf8")).bytes, "base64").toString("utf8"),
  );
  return data[0]?.includes('"completion"') ? undefined : data.map((each) => ({ data: each }));
}

describe.skipIf(!directory)(title, () => {
  const all = directory ? readRecordings(directory, "anthropic/messages") : [];
  const invoked = (directory ? readRecordings(directory, "bedrock/InvokeModel") : []).filter((it) =>
    it.model.includes("claude"),
  );
  const invokedStreams = (directory ? readRecordings(directory, "bedrock/InvokeModelWithResponseStream") : []).filter(
    (it) => it.model.includes("claude"),
  );

  test("every request goes there and back without a change; only what Anthropic refused may be refused", () => {
    const read = all.filter((it) => isObject(it.request.body));
    expect(read.length).toBeGreaterThan(200);
    for (const { request: sent, response: got, file } of read) {
      if (!isObject(sent.body)) continue;
      const { model: _, stream: __, ...body } = sent.body;
      const attempt = (): unknown => request.encode(request.decode(sent.body as JsonObject), facts);
      if (got.status === 400) attempts(attempt);
      else
        expect({ file, encoded: attempt() }).toEqual({
          file,
          encoded: { value: { anthropic_version: "bedrock-2023-05-31", ...body }, losses: [] },
        });
    }
  });

  test("every whole answer goes there and back without a change", () => {
    let seen = 0;
    for (const recording of [...all, ...invoked]) {
      if (recording.response.status !== 200 || recording.response.streamed) continue;
      const body: JsonObject = JSON.parse(text(recording));
      if (body["type"] !== "message") continue;
      seen++;
      const decoded = response.decode(body, { ...plain, model: String(body["model"]) });
      if (decoded.finish.reason === "guardrail") continue;
      const { value, losses } = response.encode(decoded, plain);
      expect(losses).toEqual([]);
      expect({ file: recording.file, value: withoutZeros(value) }).toEqual({
        file: recording.file,
        value: withoutZeros(body),
      });
    }
    expect(seen).toBeGreaterThan(150);
  });

  test("every refusal is an error with words in it", () => {
    const bad = [...all, ...invoked, ...invokedStreams].filter((it) => it.response.status !== 200);
    expect(bad.length).toBeGreaterThan(20);
    for (const recording of bad) {
      const found = error.decode(recording.response.status, new Headers(recording.response.headers), text(recording));
      expect(found.message.length).toBeGreaterThan(5);
      expect(found.status === 401).toBe(false);
    }
  });

  const streams = all.filter((it) => it.response.status === 200 && it.response.streamed).map(sseFrames);
  const native = invokedStreams.filter((it) => it.response.status === 200).flatMap((it) => invokeFrames(it) ?? []);

  test("every stream folds to the whole answer that says the same, and is written again as the same", () => {
    expect(streams.length).toBeGreaterThan(70);
    for (const frames of streams) {
      const events = runAll(stream.decoder(plain), frames);
      const folded = collect(events);
      expect(comparable(collect(runAll(stream.decoder(plain), runAll(stream.encoder(plain), events))))).toEqual(
        comparable(folded),
      );
      expect(comparable(response.decode(response.encode(folded, plain).value, plain))).toEqual(comparable(folded));
    }
  });

  test("every stream of InvokeModel is read, its frames named, its usage known", () => {
    expect(native.length).toBeGreaterThan(100);
    for (const recording of invokedStreams) {
      const frames = recording.response.status === 200 ? invokeFrames(recording) : undefined;
      if (!frames) continue;
      const folded = collect(runAll(stream.decoder(plain), frames));
      expect(folded.usage?.output).toBeGreaterThanOrEqual(0);
      expect(folded.content.length + folded.finish.reason.length).toBeGreaterThan(0);
      for (const frame of frames) expect(stream.named(frame).event).toBe(JSON.parse(frame.data).type);
    }
  });

  test("T-46 no stream cut behind any event ends as if it were whole", () => {
    for (const frames of streams) {
      for (let cut = 0; cut < frames.length - 1; cut += Math.ceil(frames.length / 10)) {
        const out: ChatEvent[] = [];
        const stage = stream.decoder(plain);
        for (const frame of frames.slice(0, cut)) stage.push(frame, out);
        expect(thrownBy(() => stage.end(out)).code).toBe("upstream_stream_truncated");
        expect(out.some((event) => event.type === "message-end")).toBe(false);
      }
    }
  });
});

/** Anything but a crash. */
function attempts(call: () => unknown): void {
  try {
    call();
  } catch (thrown) {
    expect(thrown).toMatchObject({ status: 400 });
  }
}

/** Cache counts that old answers leave out are written as zeros. */
function withoutZeros(body: JsonObject): JsonObject {
  const usage = body["usage"];
  if (!isObject(usage)) return body;
  return {
    ...body,
    usage: Object.fromEntries(Object.entries(usage).filter(([key, value]) => !key.startsWith("cache_") || value !== 0)),
  };
}

/** Streamed arguments keep their white space, whole ones do not; zeros as above. */
function comparable(answer: ChatResponse): unknown {
  const { cacheRead: _, cacheWrite: __, ...usage } = answer.usage ?? { input: 0, output: 0 };
  return {
    ...answer,
    usage,
    content: answer.content.map((block) =>
      block.type === "tool-call" ? { ...block, input: JSON.parse(block.input) } : block,
    ),
  };
}
