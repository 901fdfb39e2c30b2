import type { ChatResponse } from "../../core/chat.ts";
import type { Frame } from "../../core/events.ts";
import type { Context, Dialect } from "../../dialects/dialect.ts";
import { sseText } from "../../framing/sse-text.ts";
import { brokeOff, type Fault } from "./failures.ts";
import { pause } from "./pause.ts";
import { steps } from "./steps.ts";

export type Talk = {
  response: ChatResponse;
  dialect: Dialect;
  context: Context;
  /** ms between two tokens. */
  pace: number;
  fault: { kind: Fault; after: number } | undefined;
  signal: AbortSignal;
};

/** The SSE text of an answer, one token at a time, at its pace. */
async function* talk({ response, dialect, context, pace, fault, signal }: Talk): AsyncGenerator<string> {
  const encoder = dialect.stream.encoder(context);
  const frames: Frame[] = [];
  const written = (): string => {
    // Bedrock's own streams have no end mark beside the last event: the gateway puts it there.
    const kept = dialect.stream.doneMark ? frames : frames.filter(({ data }) => data !== "[DONE]");
    const text = kept.map(sseText).join("");
    frames.length = 0;
    return text;
  };
  let said = 0;
  for (const { events, token } of steps(response)) {
    if (fault && said >= fault.after) break;
    if (pace > 0) await pause(pace, signal);
    else signal.throwIfAborted();
    for (const event of events) encoder.push(event, frames);
    const text = written();
    if (text !== "") yield text;
    if (token) said++;
  }
  if (!fault) {
    encoder.end(frames);
    yield written();
    return;
  }
  switch (fault.kind) {
    case "error":
      frames.push(...encoder.fail(brokeOff()));
      yield written();
      return;
    case "garbage":
      yield "data: {this is no JSON\n\n";
      return;
    case "stall":
      await pause(undefined, signal);
      return;
    case "cut":
      return;
    default:
      fault.kind satisfies never;
  }
}

/**
 * The bytes of an answer: the next piece is made only when the one before was taken, and none once the reader or
 * the call's signal has given up.
 */
export function byteStream(parts: Talk): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const text = talk({ ...parts, signal: AbortSignal.any([parts.signal, left.signal]) });
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await text.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
      cancel() {
        left.abort();
      },
    },
    { highWaterMark: 0 },
  );
}
