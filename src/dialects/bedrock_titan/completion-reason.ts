import type { Finish } from "../../core/chat.ts";
import { rowOf } from "../../core/row-of.ts";

/** Titan's `completionReason` for the hub's reason (mapping D.4). */
export const completionReasons: Record<Finish["reason"], string> = {
  stop: "FINISH",
  "stop-sequence": "STOP_CRITERIA_MET",
  length: "LENGTH",
  "context-window": "LENGTH",
  "tool-calls": "FINISH",
  "content-filter": "CONTENT_FILTERED",
  guardrail: "CONTENT_FILTERED",
  refusal: "CONTENT_FILTERED",
  pause: "FINISH",
  malformed: "FINISH",
  other: "FINISH",
};

/** Documentation says FINISHED, the service sends FINISH; `max_tokens` was recorded (mapping D.4). */
const read: Record<string, Finish["reason"]> = {
  FINISH: "stop",
  FINISHED: "stop",
  LENGTH: "length",
  MAX_TOKENS: "length",
  STOP_CRITERIA_MET: "stop-sequence",
  CONTENT_FILTERED: "content-filter",
};

/** The hub's reason for Titan's word, whatever its case. */
export function finishOf(completionReason: string): Finish {
  return { reason: rowOf(read, completionReason.toUpperCase()) ?? "other", raw: completionReason };
}
