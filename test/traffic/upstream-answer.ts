/** A recording as its upstream says it again, and what it means. */
import { chunk, messages } from "../fakes/event-stream.ts";
import type { Wire } from "./expectation.ts";
import { readClaude, readClaudeEvents } from "./read-claude.ts";
import { payloadOf, readConverse, readConverseMessages, readException } from "./read-converse.ts";
import { readOpenAI, readOpenAIStream } from "./read-openai.ts";
import { readTitan, readTitanChunks } from "./read-titan.ts";
import type { ReadError, Reading } from "./reading.ts";
import { at, type Json, type Recording } from "./recordings.ts";
import { sseEvents } from "./sse.ts";

export type UpstreamAnswer = {
  status: number;
  headers: Record<string, string>;
  bytes: Uint8Array;
  streamed: boolean;
  /** The JSON payloads that a verbatim Claude or Titan stream consists of. */
  payloads: Json[];
};

/** Anthropic's own streams are put into Bedrock's framing; everything else is as recorded. */
export function upstreamAnswer(recording: Recording): UpstreamAnswer {
  const { status, headers, bytes, streamed } = recording.response;
  if (recording.folder !== "anthropic/messages") {
    return {
      status,
      headers,
      bytes,
      streamed,
      payloads: streamed && recording.folder.includes("Invoke") ? chunkPayloads(bytes) : [],
    };
  }
  if (!streamed) return { status, headers: { "content-type": "application/json" }, bytes, streamed, payloads: [] };
  const payloads = sseEvents(bytes)
    .map((event): Json => JSON.parse(event.data))
    .filter((event) => at.text(event, "type") !== "ping");
  const framed = Buffer.concat(payloads.map(chunk));
  return {
    status,
    headers: { "content-type": "application/vnd.amazon.eventstream" },
    bytes: framed,
    streamed,
    payloads,
  };
}

function chunkPayloads(bytes: Uint8Array): Json[] {
  return messages(bytes).flatMap(({ headers, payload }) => {
    const encoded = at.text(payloadOf(payload), "bytes");
    if (headers[":event-type"] !== "chunk" || encoded === undefined) return [];
    return [JSON.parse(Buffer.from(encoded, "base64").toString("utf8"))];
  });
}

/** What the upstream says with it. Only for answers that are no error. */
export function meaning(answer: UpstreamAnswer, wire: Wire): Reading {
  const { bytes, streamed, payloads } = answer;
  if (!streamed) return wholeReaders[wire](JSON.parse(Buffer.from(bytes).toString("utf8")));
  switch (wire) {
    case "openai":
      return readOpenAIStream(sseEvents(bytes));
    case "bedrock_claude":
      return readClaudeEvents(payloads);
    case "bedrock_titan":
      return readTitanChunks(payloads, true);
    case "bedrock_converse":
      return readConverseMessages(messages(bytes));
  }
}

const wholeReaders: Record<Wire, (body: Json) => Reading> = {
  openai: readOpenAI,
  bedrock_claude: readClaude,
  bedrock_titan: readTitan,
  bedrock_converse: readConverse,
};

/** An exception that is the first message of a stream: the caller gets an HTTP error. */
export function firstException(answer: UpstreamAnswer): ReadError | undefined {
  if (!answer.streamed || !/eventstream/.test(answer.headers["content-type"] ?? "")) return undefined;
  const first = messages(answer.bytes)[0];
  if (!first || first.headers[":message-type"] === "event") return undefined;
  return readException(first.headers, payloadOf(first.payload));
}
