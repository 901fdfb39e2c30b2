/** What the gateway's caller got, read by its format. */
import type { Output } from "./expectation.ts";
import { claudeFaults, claudeStreamFaults, readClaude, readClaudeEvents } from "./read-claude.ts";
import { openaiFaults, openaiStreamFaults, readOpenAI, readOpenAIStream } from "./read-openai.ts";
import { readTitan, readTitanChunks } from "./read-titan.ts";
import { emptyReading, type Reading } from "./reading.ts";
import { at, type Json } from "./recordings.ts";
import { type SseEvent, sseEvents } from "./sse.ts";
import type { Reply } from "./stage.ts";

export type Asked = { output: Output; model: string; stream: boolean; includeUsage: boolean };

/** Undefined where the text is no JSON. */
export function jsonOf(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The answer's reading with the breaches of its format among its faults. */
export function callerReading(reply: Reply, asked: Asked): Reading {
  if (!asked.stream) {
    const body = jsonOf(reply.bytes);
    if (body === undefined) return { ...emptyReading(), faults: ["no JSON"] };
    return whole(body, asked);
  }
  const type = reply.headers.get("content-type") ?? "";
  const out = stream(sseEvents(reply.bytes), asked);
  if (!type.startsWith("text/event-stream")) out.faults.push(`content-type ${type}`);
  if (reply.broken) out.faults.push("the connection broke");
  return out;
}

function whole(body: Json, { output, model }: Asked): Reading {
  if (output === "openai") return faulty(readOpenAI(body), openaiFaults(body, model));
  if (output === "bedrock_claude") return faulty(readClaude(body), claudeFaults(body, model));
  return readTitan(body);
}

function stream(events: SseEvent[], { output, model, includeUsage }: Asked): Reading {
  if (output === "openai") return faulty(readOpenAIStream(events), openaiStreamFaults(events, model, includeUsage));
  if (output === "bedrock_claude") {
    const payloads = claudePayloads(events);
    return faulty(readClaudeEvents(payloads), claudeStreamFaults(events, model));
  }
  const done = events.at(-1)?.data === "[DONE]";
  return readTitanChunks(
    events.filter((event) => event.data !== "[DONE]").map((event): Json => JSON.parse(event.data)),
    done,
  );
}

/** The events of a Claude stream but for the heartbeats. */
export function claudePayloads(events: SseEvent[]): Json[] {
  return events.map((event): Json => JSON.parse(event.data)).filter((event) => at.text(event, "type") !== "ping");
}

function faulty(reading: Reading, faults: string[]): Reading {
  return { ...reading, faults: [...reading.faults, ...faults] };
}
