/** One call of the table, and what came of it in few words. */
import { jsonOf, claudePayloads } from "../traffic/caller-answer.ts";
import { readClaude, readClaudeEvents } from "../traffic/read-claude.ts";
import { readOpenAI, readOpenAIStream } from "../traffic/read-openai.ts";
import { readTitan, readTitanChunks } from "../traffic/read-titan.ts";
import { emptyReading, type Reading } from "../traffic/reading.ts";
import type { Json } from "../traffic/recordings.ts";
import { sseEvents } from "../traffic/sse.ts";
import type { Road } from "./roads.ts";

export type Got = {
  status: number;
  attempts: number;
  reading: Reading;
  /** The connection ended before the body did. */
  broken: boolean;
  ms: number;
};

/** Asks on a road and reads to the end, whichever that is. */
export async function call(
  url: string,
  { model, output, stream, body }: Road,
  text: string,
  { headers, onBytes }: { headers: Record<string, string>; onBytes: () => void },
): Promise<Got> {
  const start = performance.now();
  const response = await fetch(`${url}/v1/chat/completions?target_format=${output}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, ...body(text), ...(stream && { stream }) }),
    signal: AbortSignal.timeout(30_000),
  });
  const parts: Uint8Array[] = [];
  let broken = false;
  try {
    for await (const part of response.body ?? []) {
      parts.push(part);
      onBytes();
    }
  } catch {
    broken = true;
  }
  const bytes = Buffer.concat(parts);
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  return {
    status: response.status,
    attempts: Number(response.headers.get("x-amazon-chat-attempts") ?? "1"),
    reading: isStream ? readStream(bytes, output) : readWhole(bytes, output),
    broken,
    ms: performance.now() - start,
  };
}

function readWhole(bytes: Uint8Array, output: Road["output"]): Reading {
  const body = jsonOf(bytes);
  if (body === undefined) return { ...emptyReading(), faults: ["no JSON"] };
  if (output === "openai") return readOpenAI(body);
  return output === "bedrock_claude" ? readClaude(body) : readTitan(body);
}

function readStream(bytes: Uint8Array, output: Road["output"]): Reading {
  const events = sseEvents(bytes);
  if (output === "openai") return readOpenAIStream(events);
  if (output === "bedrock_claude") return readClaudeEvents(claudePayloads(events));
  const chunks = events.filter(({ data }) => data !== "[DONE]").map(({ data }): Json => JSON.parse(data));
  return readTitanChunks(chunks, events.at(-1)?.data === "[DONE]");
}

/** A cell of the table; `counted` is false where chance decides how many attempts it took. */
export function said({ status, attempts, reading, broken }: Got, counted: boolean): string {
  const times = attempts > 1 && counted ? ` ×${attempts}` : "";
  const word = reading.error?.code ?? reading.error?.type ?? "";
  if (status !== 200) return `HTTP ${status} ${word}${times}`;
  if (!reading.error && reading.ended) return reading.faults.length > 0 ? "handed on as it came" : `whole${times}`;
  const events = reading.error ? `event ${word}` : "no event";
  return `${events}${broken ? ", connection broken" : ""}${times}`;
}
