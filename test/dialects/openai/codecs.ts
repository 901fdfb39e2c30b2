import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Context } from "../../../src/dialects/dialect.ts";
import { openai } from "../../../src/dialects/openai/index.ts";

/** All events of a stream that ended with these frames. Throws what the decoder throws. */
export function decodeFrames(frames: readonly Frame[], context: Context): ChatEvent[] {
  const decoder = openai.stream.decoder(context);
  const events: ChatEvent[] = [];
  for (const frame of frames) decoder.push(frame, events);
  decoder.end(events);
  return events;
}

/** The data payloads of a stream with these events, `[DONE]` as text. */
export function encodeEvents(events: readonly ChatEvent[], context: Context): (JsonObject | string)[] {
  const encoder = openai.stream.encoder(context);
  const out: Frame[] = [];
  for (const event of events) encoder.push(event, out);
  encoder.end(out);
  return out.map(payload);
}

export function payload({ data }: Frame): JsonObject | string {
  if (data === "[DONE]") return data;
  const parsed: JsonObject = JSON.parse(data);
  return parsed;
}

/** Chunks as frames; strings go as they are. */
export function frames(...chunks: (JsonObject | string)[]): Frame[] {
  return chunks.map((chunk) => ({ data: typeof chunk === "string" ? chunk : JSON.stringify(chunk) }));
}
