import type { ChatEvent, Frame, Stage } from "../../src/core/events.ts";
import { GatewayError } from "../../src/core/error.ts";
import type { Context } from "../../src/dialects/dialect.ts";

/** A context as simple as it gets. */
export const plain: Context = { model: "M", created: 1 };

/** Everything a stage makes of its input, its end included. */
export function runAll<In, Out>(stage: Stage<In, Out>, input: Iterable<In>): Out[] {
  const out: Out[] = [];
  for (const each of input) stage.push(each, out);
  stage.end(out);
  return out;
}

/** What a call throws, which must be a GatewayError. */
export function thrownBy(call: () => unknown): GatewayError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

/** Converse steps, `{name: payload}` each, as frames. */
export function converseFrames(steps: readonly Record<string, unknown>[]): Frame[] {
  return steps.flatMap((step) => Object.entries(step).map(([event, data]) => ({ event, data: JSON.stringify(data) })));
}

/** The JSON of frames. */
export function payloads(frames: readonly Frame[]): unknown[] {
  return frames.map((frame) => JSON.parse(frame.data));
}

/** A stream's first and last words around some events. */
export function answerOf(...events: ChatEvent[]): ChatEvent[] {
  return [
    { type: "message-start", id: "up", model: "M" },
    ...events,
    { type: "message-end", finish: { reason: "stop" } },
    { type: "usage", usage: { input: 1, output: 2 } },
  ];
}
