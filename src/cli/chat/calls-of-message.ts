import { isObject, type JsonObject } from "../../core/json.ts";
import type { ToolCall } from "./answer.ts";

/** The tool calls of an assistant's message in OpenAI's format. */
export function callsOfMessage({ tool_calls: list }: JsonObject): ToolCall[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((call) => {
    const inner = isObject(call) ? call["function"] : undefined;
    if (!isObject(call) || !isObject(inner)) return [];
    const [id, name, input] = [call["id"], inner["name"], inner["arguments"]];
    return typeof id === "string" && typeof name === "string"
      ? [{ id, name, input: typeof input === "string" ? input : "" }]
      : [];
  });
}
