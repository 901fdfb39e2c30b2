import type { Finish } from "../../core/chat.ts";

/** OpenAI's finish reasons; `stop` beside tool calls is a tool call (mapping D.4, recorded with named tool_choice). */
export function decodeFinish(raw: string | undefined, seen: { calls: number; refused: boolean }): Finish {
  const told = raw ? { raw } : {};
  if (seen.refused && (raw === undefined || raw === "" || raw === "stop")) return { reason: "refusal", ...told };
  switch (raw) {
    case undefined:
    case "":
    case "stop":
      return { reason: seen.calls > 0 ? "tool-calls" : "stop", ...told };
    case "length":
      return { reason: "length", ...told };
    case "tool_calls":
    case "function_call":
      return { reason: "tool-calls", ...told };
    case "content_filter":
      return { reason: "content-filter", ...told };
    default:
      return { reason: "other", ...told };
  }
}

/** The hub's reasons in OpenAI's words (mapping C.3, D.4). Calls that the caller sees decide over `stop`. */
export function encodeFinish(finish: Finish, seen: { calls: number; refused: boolean; legacy: boolean }): string {
  const word = wordOf(finish, seen.refused);
  const called = seen.legacy ? "function_call" : "tool_calls";
  if (word === "tool_calls") return seen.calls > 0 ? called : "stop";
  return word === "stop" && seen.calls > 0 ? called : word;
}

function wordOf({ reason }: Finish, refused: boolean): "stop" | "length" | "tool_calls" | "content_filter" {
  switch (reason) {
    case "length":
    case "context-window":
      return "length";
    case "tool-calls":
      return "tool_calls";
    case "content-filter":
    case "guardrail":
      return "content_filter";
    case "refusal":
      // OpenAI's own refusal has a field of its own, Claude's is a filter.
      return refused ? "stop" : "content_filter";
    case "stop":
    case "stop-sequence":
    case "pause":
    case "malformed":
    case "other":
      return "stop";
    default:
      return reason satisfies never;
  }
}
