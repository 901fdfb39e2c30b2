/** Every recorded OpenAI interaction: requests go round, answers decode, a whole answer survives, cuts are noticed. */
import { describe, expect, test } from "bun:test";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { Frame } from "../../../src/core/events.ts";
import { isObject, type JsonObject } from "../../../src/core/json.ts";
import { factsOnOpenAI } from "../../../src/core/models.ts";
import { openai } from "../../../src/dialects/openai/index.ts";
import { readRecordings, trafficDirectory } from "../../traffic/recordings.ts";
import { decodeFrames } from "./codecs.ts";

const directory = trafficDirectory();
const recordings = directory ? readRecordings(directory, "openai/chat.completions") : [];
const context = { model: "asked-model", created: 1 };
/** OpenAI took these once; today's API and ours say what is wrong with them (mapping B.1). */
const outdated = new Set(["messages[0].content[1].image_url"]);

function framesOf(bytes: Uint8Array): Frame[] {
  return new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => ({ data: line.slice(5).trim() }));
}

const spoken = recordings.filter(({ response }) => response.status === 200 && response.streamed);
const whole = recordings.filter(({ response }) => response.status === 200 && !response.streamed);

describe.skipIf(!directory)(`recorded traffic${directory ? "" : " (no TRAFFIC_DIR)"}`, () => {
  test("every request that OpenAI took goes round, unknown fields included", () => {
    expect(recordings.length).toBeGreaterThan(200);
    for (const { file, request, response } of recordings) {
      if (!isObject(request.body) || response.status !== 200) continue;
      const body: JsonObject = request.body;
      let encoded;
      try {
        encoded = openai.request.encode(openai.request.decode(body), factsOnOpenAI("gpt-4o"));
      } catch (thrown) {
        if (thrown instanceof GatewayError && outdated.has(thrown.param ?? "")) continue;
        throw new Error(`${file}: ${String(thrown)}`, { cause: thrown });
      }
      expect({ file, body: encoded.value, losses: encoded.losses }).toEqual({ file, body, losses: [] });
    }
  });

  test("every streamed answer decodes to an answer with an end and its usage", () => {
    expect(spoken.length).toBeGreaterThan(50);
    for (const { file, response } of spoken) {
      const answer = collect(decodeFrames(framesOf(response.bytes), context));
      expect({ file, id: answer.id, model: answer.model }).not.toMatchObject({ id: "" });
      const [text] = textOf(framesOf(response.bytes));
      const said = answer.content.map((block) => (block.type === "text" ? block.text : "")).join("");
      expect({ file, said }).toEqual({ file, said: text ?? "" });
    }
  });

  test("a stream that is cut before its finish reason is never an answer", () => {
    for (const { response } of spoken) {
      const frames = framesOf(response.bytes);
      const end = frames.findIndex((frame) => /"finish_reason": ?"/.test(frame.data));
      expect(() => decodeFrames(frames.slice(0, end), context)).toThrow("ended unexpectedly");
    }
  });

  test("every whole answer decodes, and encodes to the same words, calls, finish and usage", () => {
    expect(whole.length).toBeGreaterThan(100);
    for (const { file, response } of whole) {
      const body: JsonObject = JSON.parse(new TextDecoder().decode(response.bytes));
      const again = openai.response.encode(openai.response.decode(body, context), context).value;
      expect({ file, ...essence(again) }).toEqual({ file, ...essence(body) });
    }
  });

  test("every recorded refusal of OpenAI decodes to an error with a message", () => {
    for (const { file, response } of recordings.filter((it) => it.response.status >= 400)) {
      const text = new TextDecoder().decode(response.bytes);
      const error = openai.error.decode(response.status, new Headers(response.headers), text);
      expect({ file, message: error.message }).not.toEqual({ file, message: "" });
      expect(error.status).toBe(response.status === 401 ? 502 : response.status);
    }
  });
});

function textOf(frames: readonly Frame[]): string[] {
  let text = "";
  for (const { data } of frames) {
    if (data === "[DONE]") continue;
    const chunk: { choices?: { index: number; delta?: { content?: string | null } }[] } = JSON.parse(data);
    for (const choice of chunk.choices ?? []) if (choice.index === 0) text += choice.delta?.content ?? "";
  }
  return [text];
}

type Shape = { choices: { message: Record<string, unknown>; finish_reason?: string }[]; usage?: object };

/** What must survive a whole answer's way through the hub. */
function essence(body: JsonObject): Record<string, unknown> {
  const { choices, usage } = body as unknown as Shape;
  const { message, finish_reason: finish } = choices[0]!;
  const calls = message["tool_calls"] ?? (message["function_call"] ? [message["function_call"]] : []);
  const called = (calls as { function?: unknown }[]).map((call) => call.function ?? call);
  const audio = message["audio"] as { transcript?: string } | undefined;
  const content = message["content"] ?? audio?.transcript ?? null;
  const annotations = message["annotations"] as unknown[] | undefined;
  return {
    content,
    refusal: message["refusal"] ?? null,
    called,
    annotations: annotations?.length ? annotations : undefined,
    finish: called.length > 0 && finish !== "length" ? "call" : (finish ?? "stop"),
    // The cached tokens are always told (mapping C.6).
    usage: { prompt_tokens_details: { cached_tokens: 0 }, ...usage },
  };
}
