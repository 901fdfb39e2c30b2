import type { JsonObject } from "../../core/json.ts";
import { callsOfMessage } from "./calls-of-message.ts";

/** What a model is told of a tool whose result nobody gave: a call without any would be refused by the next request. */
export const notGiven = "The user gave no result.";

/** Results for the calls of the last turn, where it ended with some: the conversation goes on without them. */
export function withoutResults(messages: readonly JsonObject[]): JsonObject[] {
  const calls = callsOfMessage(messages.at(-1) ?? {});
  return calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: notGiven }));
}
