/** A demo model asked in one of its dialects, its answer read by that dialect's own decoder. */
import type { ChatResponse } from "../../../src/core/chat.ts";
import { collect } from "../../../src/core/collect.ts";
import type { ChatEvent, Frame } from "../../../src/core/events.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { factsOnOpenAI } from "../../../src/core/models.ts";
import type { Context } from "../../../src/dialects/dialect.ts";
import { dialect } from "../../../src/dialects/registry.ts";
import { sseDecoder } from "../../../src/framing/sse.ts";
import { demoProvider } from "../../../src/providers/demo/index.ts";
import type { Reply } from "../../../src/providers/provider.ts";

export const spoken = ["openai", "bedrock_claude", "bedrock_titan"] as const;
export type Spoken = (typeof spoken)[number];

const provider = demoProvider({ dialect, pace: 0, now: () => 1_700_000_000 });
const context = (model: string): Context => ({ model, created: 0 });

/** One user turn in a dialect. */
export function said(id: Spoken, text: string): JsonObject {
  if (id === "bedrock_titan") return { inputText: text };
  const messages = [{ role: "user", content: text }];
  return id === "openai" ? { messages } : { messages, max_tokens: 1000, anthropic_version: "bedrock-2023-05-31" };
}

export function send(
  id: Spoken,
  model: string,
  body: JsonObject,
  stream: boolean,
  signal: AbortSignal = new AbortController().signal,
): Promise<Reply> {
  const facts = { ...factsOnOpenAI(model), host: "demo" as const };
  return provider.send({ dialect: id, model, facts, body: JSON.stringify({ model, ...body }), stream, signal });
}

export async function whole(id: Spoken, model: string, body: JsonObject): Promise<ChatResponse> {
  const reply = await send(id, model, body, false);
  return dialect(id).response.decode(JSON.parse(await new Response(reply.body).text()), context(model));
}

export async function frames(id: Spoken, model: string, body: JsonObject): Promise<Frame[]> {
  const reply = await send(id, model, { ...body, stream: true }, true);
  const out: Frame[] = [];
  const framing = sseDecoder();
  for await (const bytes of reply.body ?? []) framing.push(bytes, out);
  framing.end(out);
  return out;
}

/** Throws what the decoder throws of a stream without a real end. */
export async function streamed(id: Spoken, model: string, body: JsonObject): Promise<ChatResponse> {
  const decoder = dialect(id).stream.decoder(context(model));
  const events: ChatEvent[] = [];
  for (const frame of await frames(id, model, body)) if (frame.data !== "[DONE]") decoder.push(frame, events);
  decoder.end(events);
  return collect(events);
}

/** The text of an answer. */
export function textOf({ content }: ChatResponse): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join("");
}
