/** Scripted InvokeModel answers: the model's own JSON, whole or as the chunks of InvokeModelWithResponseStream. */
import { streamHead } from "./converse.ts";
import { chunk } from "./event-stream.ts";
import { json, pieces } from "./http.ts";
import type { Script } from "./wire.ts";

export function invoke(body: unknown): Script {
  return json(body, { headers: { "x-amzn-requestid": "req-scripted" } });
}

export function invokeStream(payloads: Iterable<unknown>): Script {
  return pieces(streamHead, Array.from(payloads, chunk));
}

/** The events of Claude's own stream for one text. */
export function claudeTextEvents(texts: readonly string[], stopReason = "end_turn"): unknown[] {
  const message = {
    id: "msg_bdrk_scripted",
    type: "message",
    role: "assistant",
    model: "claude-scripted",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  };
  return [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ...texts.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: texts.length },
    },
    {
      type: "message_stop",
      "amazon-bedrock-invocationMetrics": {
        inputTokenCount: 9,
        outputTokenCount: texts.length,
        invocationLatency: 20,
        firstByteLatency: 10,
      },
    },
  ];
}

/** The chunks of Titan's own stream for one text. */
export function titanTextChunks(texts: readonly string[], completionReason = "FINISH"): unknown[] {
  return texts.map((outputText, at) => ({
    index: 0,
    inputTextTokenCount: at === 0 ? 9 : null,
    totalOutputTextTokenCount: at + 1,
    outputText,
    completionReason: at === texts.length - 1 ? completionReason : null,
  }));
}
