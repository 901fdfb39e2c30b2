import { describe, expect, test } from "bun:test";
import { isObject, type JsonObject } from "../../../src/core/json.ts";
import { dialect } from "../../../src/dialects/registry.ts";
import { awsDecoder } from "../../../src/framing/aws.ts";
import { sseText } from "../../../src/framing/sse-text.ts";
import { sseDecoder } from "../../../src/framing/sse.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { defaultSettings } from "../../../src/gateway/settings.ts";
import { demoProvider } from "../../../src/providers/demo/index.ts";
import { demoModels } from "../../../src/providers/demo/models.ts";
import { said, spoken, type Spoken } from "./ask.ts";

const gateway = createGateway({
  settings: defaultSettings,
  providers: { openai: undefined, bedrock: undefined, demo: demoProvider({ dialect, pace: 0 }) },
  dialect,
  framings: { sse: sseDecoder, aws: awsDecoder, sseText },
});

/** What the caller gets: the status and the whole text. */
async function ask(
  body: JsonObject,
  target: Spoken,
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  const answer = await gateway.chat({
    bytes: new TextEncoder().encode(JSON.stringify(body)),
    target,
    headers: new Headers(),
    signal: new AbortController().signal,
    record: { requestId: "req-1", startedAt: 0, attempts: 0, downgrades: [], upstreamMs: 0, losses: [] },
  });
  const decoder = new TextDecoder();
  const words = (chunk: string | Uint8Array): string => (typeof chunk === "string" ? chunk : decoder.decode(chunk));
  const { status, headers } = answer;
  if ("body" in answer) return { status, headers, text: words(answer.body) };
  let text = "";
  for (let chunk = await answer.pump.next(); chunk !== undefined; chunk = await answer.pump.next())
    text += words(chunk);
  return { status, headers, text };
}

const realEnd: Record<Spoken, string> = {
  openai: "data: [DONE]\n\n",
  bedrock_claude: 'event: message_stop\ndata: {"type":"message_stop"',
  bedrock_titan: "data: [DONE]\n\n",
};
const errorOf: Record<Spoken, (body: JsonObject) => unknown> = {
  openai: ({ error }) => isObject(error) && error["message"],
  bedrock_claude: ({ error }) => isObject(error) && error["message"],
  bedrock_titan: ({ message }) => message,
};

const refusals = demoModels.flatMap(({ id }): [string, number][] => {
  const status = /^demo-error-(\d+)$/.exec(id)?.[1];
  return status === undefined ? [] : [[id, Number(status)]];
});

describe.each(spoken.flatMap((from) => spoken.map((to): [Spoken, Spoken] => [from, to])))(
  "%s asks, %s answers",
  (from, to) => {
    const body = (model: string): JsonObject => ({ model, ...said(from, "some words to repeat") });

    test("a whole answer", async () => {
      const { status, text } = await ask(body("demo-echo"), to);
      expect(status).toBe(200);
      const { content } = dialect(to).response.decode(JSON.parse(text), { model: "m", created: 0 });
      expect(content).toMatchObject([{ type: "text", text: "some words to repeat" }]);
    });

    test("a stream with exactly one real end", async () => {
      const { status, text } = await ask({ ...body("demo-echo"), stream: true }, to);
      expect(status).toBe(200);
      for (const word of ["some", " words", " to", " repeat"]) expect(text).toContain(JSON.stringify(word));
      expect(text.split(realEnd[to])).toHaveLength(2);
    });

    test.each(["demo-cut", "demo-error-midstream", "demo-garbage"])(
      "%s: one typed error and no end mark",
      async (model) => {
        const { status, text } = await ask({ ...body(model), stream: true }, to);
        expect(status).toBe(200);
        expect(text).not.toContain(realEnd[to]);
        const last = text.trimEnd().split("\n\n").at(-1) ?? "";
        const data = /^data: (.*)$/m.exec(last)?.[1] ?? "";
        const failure: unknown = JSON.parse(data);
        expect(isObject(failure) && errorOf[to](failure)).toBeString();
      },
    );

    test.each(refusals)("%s: that status in the caller's shape, plain and streamed", async (model, status) => {
      for (const stream of [false, true]) {
        const refused = await ask({ ...body(model), stream }, to);
        expect([refused.status, refused.headers["content-type"]]).toEqual([status, "application/json"]);
        expect(refused.headers["retry-after"]).toBe({ 429: "1", 503: "2" }[status]);
        expect(errorOf[to](JSON.parse(refused.text))).toEndWith(`(${model} always says so.)`);
      }
    });

    test.each([
      ["demo-cut", 502],
      ["demo-garbage", 502],
      ["demo-error-midstream", 503],
    ])("%s, asked for a whole answer: %i", async (model, status) => {
      const refused = await ask(body(model), to);
      expect(refused.status).toBe(status);
      expect(errorOf[to](JSON.parse(refused.text))).toBeString();
    });
  },
);
