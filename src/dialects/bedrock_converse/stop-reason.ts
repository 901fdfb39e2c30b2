import type { Finish } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";

type Reason = Finish["reason"];

/** Converse's `stopReason` (mapping C.3). `malformed_tool_use` is no reason but an error. */
const reasons: Readonly<Record<string, Reason>> = {
  end_turn: "stop",
  stop_sequence: "stop-sequence",
  max_tokens: "length",
  model_context_window_exceeded: "context-window",
  tool_use: "tool-calls",
  content_filtered: "content-filter",
  guardrail_intervened: "guardrail",
  malformed_model_output: "malformed",
};

const words: Readonly<Record<Reason, string>> = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "context-window": "model_context_window_exceeded",
  "tool-calls": "tool_use",
  "content-filter": "content_filtered",
  guardrail: "guardrail_intervened",
  refusal: "content_filtered",
  pause: "end_turn",
  malformed: "malformed_model_output",
  other: "end_turn",
};

/** Reasons that are a plain `stop` for an OpenAI client: beside tool calls they mean the calls (C.3, correction a). */
const plainStops: ReadonlySet<Reason> = new Set(["stop", "stop-sequence", "malformed", "other"]);

/**
 * The finish of an answer that made `calls` tool calls the client can see.
 * Throws `malformed_tool_use` (502, one retry).
 */
export function decodeFinish(raw: string | undefined, sequence: string | undefined, calls: number): Finish {
  if (raw === "malformed_tool_use") {
    throw new GatewayError({
      kind: "upstream",
      message: "The model produced a malformed tool call.",
      code: "malformed_tool_use",
      retryable: true,
      retryLimit: 1,
    });
  }
  let reason: Reason = (raw !== undefined && Object.hasOwn(reasons, raw) && reasons[raw]) || "other";
  if (calls > 0 && plainStops.has(reason)) reason = "tool-calls";
  else if (calls === 0 && reason === "tool-calls") reason = "stop";
  const finish: Finish = { reason };
  if (raw !== undefined) finish.raw = raw;
  if (sequence !== undefined) finish.sequence = sequence;
  return finish;
}

/** An unknown word of Converse's own goes back as it came. */
export function encodeFinish(finish: Finish): string {
  return finish.reason === "other" && finish.raw ? finish.raw : words[finish.reason];
}
