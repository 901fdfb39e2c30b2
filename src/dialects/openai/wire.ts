import type { Json, JsonObject } from "../../core/json.ts";

/** The id of this dialect, as extras and losses name it. */
export const id = "openai";

export const roles = ["system", "assistant", "user", "function", "tool", "developer"] as const;

/** Extras of this dialect, or nothing when there are none. */
export function extras(fields: JsonObject | undefined): { extras?: { from: string; fields: JsonObject } } {
  return fields ? { extras: { from: id, fields } } : {};
}

/** A node's extras that this dialect wrote. */
export function own(node: { extras?: { from: string; fields: JsonObject } }): JsonObject | undefined {
  return node.extras?.from === id ? node.extras.fields : undefined;
}

/** The last step of a node's path below its parent: `content[1]`, `tool_calls[0]`, `refusal`. */
export function tail(at: string | undefined, parent: string | undefined): string {
  return at && parent && at.startsWith(`${parent}.`) ? at.slice(parent.length + 1) : "";
}

/** True for what says nothing: null, and lists without items. */
export function says(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
