/** Scripted Converse answers as Bedrock gives them. */
import { event } from "./event-stream.ts";
import { json, pieces } from "./http.ts";
import type { Script } from "./wire.ts";

export type Block =
  | { text: string }
  | { reasoningContent: { reasoningText: { text: string; signature?: string } } | { redactedContent: string } }
  | { toolUse: { toolUseId: string; name: string; input: unknown } };

export type ConverseAnswer = {
  content: Block[];
  stopReason?: string;
  usage?: Record<string, number>;
};

const defaultUsage = { inputTokens: 9, outputTokens: 4, totalTokens: 13 };

export const streamHead = {
  headers: { "content-type": "application/vnd.amazon.eventstream", "x-amzn-requestid": "req-scripted" },
};

export function converse(answer: ConverseAnswer): Script {
  return json(
    {
      metrics: { latencyMs: 12 },
      output: { message: { role: "assistant", content: answer.content } },
      stopReason: answer.stopReason ?? "end_turn",
      usage: answer.usage ?? defaultUsage,
    },
    { headers: { "x-amzn-requestid": "req-scripted" } },
  );
}

/** The messages of a ConverseStream answer: text and arguments in pieces of `size` characters. */
export function converseMessages(answer: ConverseAnswer, size = 4): Uint8Array[] {
  const out = [event("messageStart", { role: "assistant" })];
  for (const [contentBlockIndex, block] of answer.content.entries()) {
    const delta = (value: unknown): number => out.push(event("contentBlockDelta", { contentBlockIndex, delta: value }));
    if ("text" in block) for (const text of cuts(block.text, size)) delta({ text });
    else if ("toolUse" in block) {
      const { toolUseId, name, input } = block.toolUse;
      out.push(event("contentBlockStart", { contentBlockIndex, start: { toolUse: { toolUseId, name } } }));
      for (const piece of cuts(JSON.stringify(input), size)) delta({ toolUse: { input: piece } });
    } else if ("redactedContent" in block.reasoningContent) delta({ reasoningContent: block.reasoningContent });
    else {
      const { text, signature } = block.reasoningContent.reasoningText;
      for (const piece of cuts(text, size)) delta({ reasoningContent: { text: piece } });
      if (signature !== undefined) delta({ reasoningContent: { signature } });
    }
    out.push(event("contentBlockStop", { contentBlockIndex }));
  }
  out.push(event("messageStop", { stopReason: answer.stopReason ?? "end_turn" }));
  out.push(event("metadata", { usage: answer.usage ?? defaultUsage, metrics: { latencyMs: 12 } }));
  return out;
}

export function converseStream(answer: ConverseAnswer, size?: number): Script {
  return pieces(streamHead, converseMessages(answer, size));
}

/** An AWS error answer before any stream. */
export function awsError(status: number, name: string, message: string, headers: Record<string, string> = {}): Script {
  return json(
    { message },
    { status, headers: { "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/`, ...headers } },
  );
}

function* cuts(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
