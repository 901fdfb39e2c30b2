import type { Frame } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import { sseDecoder } from "../../framing/sse.ts";
import type { Answer } from "../../gateway/answer.ts";
import type { Pump } from "../../gateway/pump.ts";
import type { RequestRecord } from "../../gateway/record.ts";
import type { Runtime } from "../runtime.ts";
import { type AnswerEvent, ChunkReader } from "./answer-event.ts";
import type { Backend } from "./backend.ts";
import { streamFailure, truncated, wireFailure } from "./wire-failure.ts";

const encoder = new TextEncoder();

/** The core that `serve` runs, called without a server. `timeoutMs` bounds one whole answer. */
export function inProcess(runtime: Runtime, timeoutMs: number | undefined): Backend {
  let provider: string | undefined;

  async function send(body: JsonObject, signal: AbortSignal, more: Record<string, string> = {}): Promise<Answer> {
    const record: RequestRecord = {
      requestId: crypto.randomUUID(),
      startedAt: performance.now(),
      attempts: 0,
      downgrades: [],
      upstreamMs: 0,
      losses: [],
    };
    const headers = new Headers(more);
    if (timeoutMs !== undefined) headers.set("x-request-timeout-ms", String(timeoutMs));
    const bytes = encoder.encode(JSON.stringify(body));
    // The gateway listens to a request's signal for good; this one may belong to a thousand of them.
    const own = AbortSignal.any([signal]);
    const answer = await runtime.gateway.chat({ bytes, target: null, headers, signal: own, record });
    provider = record.provider;
    return answer;
  }

  return {
    async *ask(body, signal) {
      const answer = await send(body, signal);
      signal.throwIfAborted();
      if ("pump" in answer) yield* streamed(answer.pump, signal);
      else yield* whole(answer.status, answer.headers, textOf(answer.body));
    },
    async preview(body) {
      const answer = await send(body, new AbortController().signal, { "x-amazon-chat-explain": "true" });
      if ("pump" in answer) throw truncated();
      const text = textOf(answer.body);
      if (answer.status !== 200) throw wireFailure(answer.status, answer.headers, text);
      return text;
    },
    models: (signal) => runtime.listing(signal),
    provider: () => provider,
  };
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

function* whole(status: number, headers: Record<string, string>, text: string): Generator<AnswerEvent> {
  if (status !== 200) throw wireFailure(status, headers, text);
  const events: AnswerEvent[] = [];
  new ChunkReader().read(JSON.parse(text), events);
  yield* events;
}

async function* streamed(pump: Pump, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, undefined> {
  const cancel = (): void => pump.cancel();
  signal.addEventListener("abort", cancel);
  const decoder = sseDecoder();
  const reader = new ChunkReader();
  const frames: Frame[] = [];
  const events: AnswerEvent[] = [];
  let done = false;
  try {
    for (;;) {
      const chunk = await pump.next();
      signal.throwIfAborted();
      if (chunk === undefined) break;
      decoder.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk, frames);
      for (const { data } of frames.splice(0)) {
        if (data === "[DONE]") done = true;
        else readData(data, reader, events);
      }
      yield* events.splice(0);
    }
    if (!done) throw truncated();
  } finally {
    signal.removeEventListener("abort", cancel);
    pump.cancel();
  }
}

function readData(data: string, reader: ChunkReader, out: AnswerEvent[]): void {
  const chunk: unknown = JSON.parse(data);
  if (typeof chunk === "object" && chunk !== null && "error" in chunk) throw streamFailure(chunk.error);
  reader.read(chunk, out);
}
