/** What the soak's callers ask, what the upstream then does, and what is a right answer to it. */
import { awsError, converse, converseMessages, converseStream, streamHead } from "../../test/fakes/converse.ts";
import { event } from "../../test/fakes/event-stream.ts";
import { cut, json, lying, pieces, whole } from "../../test/fakes/http.ts";
import { claudeTextEvents, invokeStream } from "../../test/fakes/invoke.ts";
import { openai, openaiError, openaiStream, sseHead, textEvents } from "../../test/fakes/openai.ts";
import type { Exchange, Script, Step } from "../../test/fakes/wire.ts";
import { jsonOf, claudePayloads } from "../../test/traffic/caller-answer.ts";
import { readClaudeEvents } from "../../test/traffic/read-claude.ts";
import { readOpenAI, readOpenAIStream } from "../../test/traffic/read-openai.ts";
import { sseEvents } from "../../test/traffic/sse.ts";
import { type Answer, leave, readSlowly, takeAll } from "./call.ts";

export type Scenario = {
  name: string;
  /** Times in one round of all scenarios. */
  weight: number;
  query: string;
  body: string;
  headers: Record<string, string>;
  take: (asked: { url: string; body: string; headers: Record<string, string> }) => Promise<Answer>;
  script: () => Script;
  /** What is wrong with the answer. */
  fault: (answer: Answer) => string | undefined;
};

type Provider = "openai" | "bedrock";
const providers: readonly Provider[] = ["openai", "bedrock"];
const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

const text = "one two three four five six seven eight ".repeat(4);
const megabyte = "x".repeat(2 ** 20);

/** Models carry their scenario's name, so that the upstream knows what to do. */
function model(provider: Provider, name: string): string {
  return `${provider === "openai" ? "gpt-4o-soak" : "amazon.soak"}-${name}`;
}

/** The name of the scenario that a request belongs to. */
export function scenarioOf({ target, body }: Exchange): string | undefined {
  if (target.includes(encodeURIComponent(claude)) || target.includes(claude)) return "claude-stream";
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 200)).toString("latin1");
  const found = /gpt-4o-soak-([a-z0-9-]+)/.exec(start) ?? /amazon\.soak-([a-z0-9-]+)/.exec(target);
  return found?.[1];
}

function request(provider: Provider, name: string, stream: boolean, content = "Hi"): string {
  return JSON.stringify({ model: model(provider, name), stream, messages: [{ role: "user", content }] });
}

const says = (expected: string, stream: boolean) => (answer: Answer) => {
  const told = stream ? readOpenAIStream(sseEvents(answer.bytes)) : readOpenAI(jsonOf(answer.bytes) ?? null);
  if (answer.status !== 200 || answer.broken) return `status ${answer.status}${answer.broken ? ", broken" : ""}`;
  if (told.error) return `the error ${told.error.code}`;
  if (!told.ended || told.finish !== "stop") return `finish ${told.finish}, ended ${told.ended}`;
  if (told.faults.length > 0) return told.faults.join();
  return told.text === expected ? undefined : `${told.text.length} characters, not ${expected.length}`;
};

/** An HTTP error of that status, with a code. */
const refuses = (status: number) => (answer: Answer) => {
  if (answer.status !== status) return `status ${answer.status}, not ${status}`;
  return readOpenAI(jsonOf(answer.bytes) ?? null).error?.code ? undefined : "an error without a code";
};

/**
 * A stream with one error event for its end, never a normal one. OpenAI's own bytes are handed on as they come, so half
 * an event may stand before it.
 */
const breaksOff = (answer: Answer): string | undefined => {
  if (answer.status !== 200) return `status ${answer.status}`;
  const told = readOpenAIStream(sseEvents(answer.bytes));
  if (told.ended || told.finish !== null) return "a normal end";
  if (!told.error?.code) return "no error event";
  const faults = told.faults.filter((fault) => fault !== "an event that is no JSON");
  return told.faults.length > 1 ? told.faults.join() : faults[0];
};

/** The end may come before the beginning was handed on: then it is still an HTTP error. */
const breaksOffOr = (status: number) => (answer: Answer) =>
  answer.status === 200 ? breaksOff(answer) : refuses(status)(answer);

const plain = (provider: Provider): Script =>
  provider === "openai" ? openai({ message: { content: text } }) : converse({ content: [{ text }] });
const openaiEvents = textEvents(text.match(/.{1,4}/g) ?? []);
const streamed = (provider: Provider): Script =>
  provider === "openai" ? openaiStream(openaiEvents) : converseStream({ content: [{ text }] });
const streamBytes = {
  openai: Buffer.concat(openaiEvents),
  bedrock: Buffer.concat(converseMessages({ content: [{ text }] })),
};
const headOf = { openai: sseHead, bedrock: streamHead };

/** The first third of a stream as one chunk, and what then comes. */
function* spoilt(provider: Provider, then: Iterable<Step>): Generator<Step> {
  const bytes = streamBytes[provider];
  yield* [...cut(headOf[provider], bytes, Math.floor(bytes.length / 3), "closed")].slice(0, -1);
  yield* then;
}

const noise = Buffer.alloc(4_096, "<p>It works!</p>\r\n\r\n");

/** A stream of 8 MB, more than the sockets between hold: its reader must slow the upstream down. */
const flood = "y".repeat(64 * 1024);
const floodPieces = 128;
function* flooding(provider: Provider): Generator<Uint8Array> {
  if (provider === "openai") return yield* textEvents(Array.from({ length: floodPieces }, () => flood));
  yield event("messageStart", { role: "assistant" });
  const piece = event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: flood } });
  for (let n = 0; n < floodPieces; n += 1) yield piece;
  yield* converseMessages({ content: [] }).slice(1);
}

const endless = converseMessages({ content: [{ text: "word ".repeat(4_000) }] });
const endlessEvents = textEvents(Array.from({ length: 4_000 }, () => "word "));
/** A stream that outlasts whoever leaves it. */
const lasting = (provider: Provider): Script =>
  pieces(headOf[provider], provider === "openai" ? endlessEvents : endless, () => ({ waitMs: 2 }));

const refusal = (provider: Provider, status: 429 | 500): Script => {
  const again = { "retry-after": "0" };
  if (provider === "openai") return openaiError(status, { message: "No.", type: "server_error", code: "no" }, again);
  return status === 429
    ? awsError(429, "ThrottlingException", "Too many requests", again)
    : awsError(500, "InternalServerException", "No.", again);
};

/** All of them, on both providers. */
export function scenarios(): Scenario[] {
  return [...providers.flatMap(onProvider), claudeStream];
}

function onProvider(provider: Provider): Scenario[] {
  const one = (
    name: string,
    weight: number,
    stream: boolean,
    script: () => Script,
    fault: Scenario["fault"],
    more: Partial<Scenario> = {},
  ): Scenario => {
    const full = `${provider}-${name}`;
    return {
      name: full,
      weight,
      query: "",
      body: request(provider, full, stream),
      headers: {},
      take: takeAll,
      script,
      fault,
      ...more,
    };
  };
  const large = (name: string, stream: boolean): Partial<Scenario> => ({
    body: request(provider, `${provider}-${name}`, stream, megabyte),
  });
  const soon = { headers: { "x-request-timeout-ms": "300" } };
  const wrongLength = (): Script => lying({ headers: { "content-type": "application/json" } }, '{"out', 500);
  const html = (): Script => whole({ headers: { "content-type": "application/json" } }, noise);
  const began = (answer: Answer): string | undefined =>
    answer.status === 200 && answer.bytes.length > 0 ? undefined : `status ${answer.status}`;
  return [
    one("plain", 30, false, () => plain(provider), says(text, false)),
    one("stream", 30, true, () => streamed(provider), says(text, true)),
    one("large-plain", 2, false, () => plain(provider), says(text, false), large("large-plain", false)),
    one("large-stream", 2, true, () => streamed(provider), says(text, true), large("large-stream", true)),
    one("leave", 8, true, () => lasting(provider), began, { take: leave }),
    one("slow", 1, true, () => pieces(headOf[provider], flooding(provider)), says(flood.repeat(floodPieces), true), {
      take: readSlowly,
    }),
    one("429", 3, false, () => refusal(provider, 429), refuses(429)),
    one("429-stream", 3, true, () => refusal(provider, 429), refuses(429)),
    one("500", 3, false, () => refusal(provider, 500), refuses(500)),
    one("500-stream", 3, true, () => refusal(provider, 500), refuses(500)),
    one("cut", 3, false, wrongLength, refuses(502)),
    one("cut-stream", 3, true, () => spoilt(provider, [{ waitMs: 5 }, { then: "end" }]), breaksOffOr(502)),
    one("reset-stream", 3, true, () => spoilt(provider, [{ waitMs: 5 }, { then: "reset" }]), breaksOffOr(502)),
    one("garbage", 3, false, html, refuses(502)),
    one("garbage-stream", 3, true, () => pieces(headOf[provider], [noise]), refuses(502)),
    one("spoilt-stream", 3, true, () => pieces(headOf[provider], spoiltPieces(provider)), breaksOff),
    one("stall", 1, false, () => [{ then: "stall" }], refuses(504), soon),
    one("stall-stream", 1, true, () => spoilt(provider, [{ then: "stall" }]), breaksOffOr(504), soon),
  ];
}

/** Sound events, then garbage where the next one should stand. */
function* spoiltPieces(provider: Provider): Generator<Uint8Array> {
  const sound = provider === "openai" ? openaiEvents : converseMessages({ content: [{ text }] });
  yield* sound.slice(0, 6);
  yield provider === "openai" ? Buffer.from("data: <p>It works!</p>\n\n") : noise;
}

/** Claude's own format, handed on as it is. */
const claudeStream: Scenario = {
  name: "claude-stream",
  weight: 10,
  query: "?target_format=bedrock_claude",
  body: JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    model: claude,
    max_tokens: 9,
    stream: true,
    messages: [{ role: "user", content: "Hi" }],
  }),
  headers: {},
  take: takeAll,
  script: () => invokeStream(claudeTextEvents(text.match(/.{1,4}/g) ?? [])),
  fault: (answer) => {
    if (answer.status !== 200 || answer.broken) return `status ${answer.status}`;
    const told = readClaudeEvents(claudePayloads(sseEvents(answer.bytes)));
    return told.ended && told.text === text && told.faults.length === 0 ? undefined : "not what Claude said";
  },
};

/** What nobody asked for. */
export const unknown: Script = json({ message: "no such scenario" }, { status: 404 });
