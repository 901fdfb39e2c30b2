/** The ways through the gateway that each fault is tried on, with what a sound upstream says on each. */
import { converseMessages, streamHead } from "../fakes/converse.ts";
import { chunk } from "../fakes/event-stream.ts";
import type { Head } from "../fakes/http.ts";
import { claudeTextEvents, titanTextChunks } from "../fakes/invoke.ts";
import { completion, sseHead, textEvents } from "../fakes/openai.ts";
import type { Output } from "../traffic/expectation.ts";

export type Road = {
  /** A column of the table. */
  name: string;
  model: string;
  output: Output;
  stream: boolean;
  upstream: "openai" | "bedrock";
  /** The caller's body around a text. */
  body(text: string): object;
  head: Head;
  /** A sound answer: the events of a stream, or a JSON text in three parts. The first two say no end. */
  answer: readonly Uint8Array[];
};

const jsonHead: Head = { headers: { "content-type": "application/json" } };

function parts(body: unknown): Uint8Array[] {
  const bytes = Buffer.from(JSON.stringify(body));
  const third = Math.ceil(bytes.length / 3);
  return [bytes.subarray(0, third), bytes.subarray(third, 2 * third), bytes.subarray(2 * third)];
}

type Kind = Pick<Road, "model" | "output" | "upstream" | "body"> & {
  name: string;
  streamHead: Head;
  events: readonly Uint8Array[];
  whole: unknown;
};

const chat = (text: string): object => ({ messages: [{ role: "user", content: text }] });

const kinds: Kind[] = [
  {
    name: "OpenAI",
    model: "gpt-4o",
    output: "openai",
    upstream: "openai",
    body: chat,
    streamHead: sseHead,
    events: textEvents(["he", "llo", " there"]),
    whole: completion({ message: { content: "hello there" } }),
  },
  {
    name: "Bedrock",
    model: "us.amazon.nova-lite-v1:0",
    output: "openai",
    upstream: "bedrock",
    body: chat,
    streamHead,
    events: converseMessages({ content: [{ text: "hello there" }] }),
    whole: {
      metrics: { latencyMs: 12 },
      output: { message: { role: "assistant", content: [{ text: "hello there" }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 },
    },
  },
  {
    name: "Bedrock, `bedrock_claude`",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    output: "bedrock_claude",
    upstream: "bedrock",
    body: (text) => ({ anthropic_version: "bedrock-2023-05-31", max_tokens: 9, ...chat(text) }),
    streamHead,
    events: claudeTextEvents(["he", "llo", " there"]).map(chunk),
    whole: {
      id: "msg_bdrk_scripted",
      type: "message",
      role: "assistant",
      model: "claude-scripted",
      content: [{ type: "text", text: "hello there" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 9, output_tokens: 4 },
    },
  },
  {
    name: "Bedrock, `bedrock_titan`",
    model: "amazon.titan-text-express-v1",
    output: "bedrock_titan",
    upstream: "bedrock",
    body: (text) => ({ inputText: text }),
    streamHead,
    events: titanTextChunks(["he", "llo", " there"]).map(chunk),
    whole: {
      inputTextTokenCount: 9,
      results: [{ tokenCount: 4, outputText: "hello there", completionReason: "FINISH" }],
    },
  },
];

/** OpenAI and Bedrock, then Bedrock's own two formats; each plain and streamed. */
export const roads: readonly Road[] = kinds.flatMap(({ name, streamHead: head, events, whole, ...kind }) => [
  { ...kind, name: `${name}, plain`, stream: false, head: jsonHead, answer: parts(whole) },
  { ...kind, name: `${name}, stream`, stream: true, head, answer: events },
]);
