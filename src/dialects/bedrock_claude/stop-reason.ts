import type { Finish } from "../../core/chat.ts";

type Reason = Finish["reason"];

/** Anthropic's `stop_reason` (mapping D.4). */
const reasons: Readonly<Record<string, Reason>> = {
  end_turn: "stop",
  stop_sequence: "stop-sequence",
  max_tokens: "length",
  model_context_window_exceeded: "context-window",
  tool_use: "tool-calls",
  refusal: "refusal",
  pause_turn: "pause",
};

const words: Readonly<Record<Reason, string>> = {
  stop: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "context-window": "model_context_window_exceeded",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  guardrail: "refusal",
  refusal: "refusal",
  pause: "pause_turn",
  malformed: "end_turn",
  other: "end_turn",
};

/** Words of Anthropic's own that mean nothing in other formats but go back as they came. */
const ownWords: ReadonlySet<string> = new Set(["compaction"]);

/** `guarded`: Bedrock's guardrail stepped in, whatever the model's own reason says (mapping D.6). */
export function decodeFinish(raw: string | undefined, sequence: string | undefined, guarded: boolean): Finish {
  const known = raw !== undefined && Object.hasOwn(reasons, raw) ? reasons[raw] : undefined;
  return {
    reason: guarded ? "guardrail" : (known ?? "other"),
    ...(raw !== undefined && { raw }),
    ...(sequence !== undefined && { sequence }),
  };
}

/** `refused`: the answer holds a refusal, which OpenAI ends with a plain stop. */
export function encodeFinish(finish: Finish, refused: boolean): { stop_reason: string; stop_sequence: string | null } {
  const { reason, raw, sequence } = finish;
  const word = reason === "other" && raw !== undefined && ownWords.has(raw) ? raw : words[reason];
  return { stop_reason: refused && reason === "stop" ? "refusal" : word, stop_sequence: sequence ?? null };
}
