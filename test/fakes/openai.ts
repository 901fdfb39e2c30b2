/** Scripted OpenAI answers: JSON and SSE as the API writes them. */
import { json, pieces } from "./http.ts";
import type { Script } from "./wire.ts";

export const sseHead = {
  headers: { "content-type": "text/event-stream; charset=utf-8", "x-request-id": "req_scripted" },
};

export const usage = {
  prompt_tokens: 9,
  completion_tokens: 4,
  total_tokens: 13,
  prompt_tokens_details: { cached_tokens: 0 },
};

export type OpenAIAnswer = { message: Record<string, unknown>; finishReason?: string; usage?: unknown };

export function completion(answer: OpenAIAnswer): Record<string, unknown> {
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "gpt-4o-2024-08-06",
    choices: [
      {
        index: 0,
        message: { role: "assistant", refusal: null, ...answer.message },
        logprobs: null,
        finish_reason: answer.finishReason ?? "stop",
      },
    ],
    usage: answer.usage ?? usage,
  };
}

export function openai(answer: OpenAIAnswer): Script {
  return json(completion(answer), { headers: { "x-request-id": "req_scripted" } });
}

/** One SSE event. */
export function data(payload: unknown): Uint8Array {
  return Buffer.from(`data: ${typeof payload === "string" ? payload : JSON.stringify(payload)}\n\n`);
}

/** One chunk of a streamed answer. */
export function delta(value: Record<string, unknown>, finishReason: string | null = null): Record<string, unknown> {
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, delta: value, logprobs: null, finish_reason: finishReason }],
  };
}

/** The events of a streamed answer that says `texts`, its usage chunk and `[DONE]` included. */
export function textEvents(texts: readonly string[], finishReason = "stop"): Uint8Array[] {
  return [
    data(delta({ role: "assistant", content: "", refusal: null })),
    ...texts.map((content) => data(delta({ content }))),
    data(delta({}, finishReason)),
    data({ ...delta({}), choices: [], usage }),
    data("[DONE]"),
  ];
}

export function openaiStream(events: Iterable<Uint8Array>): Script {
  return pieces(sseHead, events);
}

export function openaiError(
  status: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): Script {
  return json(
    { error: { message: "", type: "invalid_request_error", param: null, code: null, ...error } },
    { status, headers },
  );
}
