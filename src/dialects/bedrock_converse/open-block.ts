import type { JsonObject } from "../../core/json.ts";

/**
 * What a content block of the stream is being read as. `index` is the hub's; Converse's own may skip and start
 * anywhere. `raw` blocks are collected and given whole at their end.
 */
export type OpenBlock =
  | { kind: "text"; index: number }
  | { kind: "reasoning"; index: number }
  | { kind: "tool"; index: number; filled: boolean }
  /** A custom tool emulated as a function: its input is unwrapped at the end (mapping C.4). */
  | { kind: "custom"; index: number; input: string }
  /** The call that stands for structured output: its input is the answer's text (mapping B.6). */
  | { kind: "json"; index: number; filled: boolean }
  | { kind: "raw"; index: number; block: JsonObject }
  /** Said more than once, or not meant for the caller. */
  | { kind: "skipped" };

/** The free text inside an emulated custom tool's input; the JSON itself when it is not `{"input": "…"}`. */
export function customInput(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && "input" in value && typeof value.input === "string") {
      return value.input;
    }
  } catch {
    // A call that was cut short is no JSON: it is delivered as it is.
  }
  return json;
}
