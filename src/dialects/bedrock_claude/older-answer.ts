import type { JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";

/**
 * An answer, or a piece of one, in Anthropic's older completion format, which Bedrock still gives now and then
 * (recorded): the same in today's events. Undefined for everything else.
 */
export function olderAnswer(body: JsonObject): JsonObject[] | undefined {
  const text = look.text(body, "completion");
  if (text === undefined || "content" in body) return undefined;
  const { completion: _, type: __, stop_reason, stop, usage, ...more } = body;
  const events: JsonObject[] = [{ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }];
  if (typeof stop_reason !== "string") return events;
  const delta = leftOver({ stop_reason, stop_sequence: stop }) ?? {};
  return [
    ...events,
    { type: "message_delta", delta, ...(usage !== undefined && { usage }) },
    { ...more, type: "message_stop" },
  ];
}
