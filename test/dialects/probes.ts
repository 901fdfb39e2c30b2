import type { Frame } from "../../src/core/events.ts";
import { isObject, type JsonObject } from "../../src/core/json.ts";
import { look } from "../../src/dialects/look.ts";

/** What the conformance suite must see in a dialect's frames without the dialect's own help. */
export type Probe = {
  /** The answer's id, where the frame has one. */
  id(frame: Frame): string | undefined;
  /** Indices of the tool calls or blocks that begin in this frame. */
  begun(frame: Frame): number[];
  /** What tells the caller that the answer is complete. */
  isEnd(frame: Frame): boolean;
  isError(frame: Frame): boolean;
};

function json({ data }: Frame): JsonObject {
  if (data === "[DONE]") return {};
  const value: unknown = JSON.parse(data);
  return isObject(value) ? value : {};
}

const nothing: Probe["begun"] = () => [];

export const probes: Readonly<Record<string, Probe>> = {
  openai: {
    id: (frame) => look.text(json(frame), "id"),
    begun: (frame) =>
      look
        .objects(json(frame), "choices")
        .flatMap((choice) => look.objects(look.object(choice, "delta"), "tool_calls"))
        .filter((call) => call["id"] !== undefined)
        .map((call) => Number(call["index"])),
    isEnd: ({ data }) => data === "[DONE]",
    isError: (frame) => look.text(look.object(json(frame), "error"), "message") !== undefined,
  },
  bedrock_claude: {
    id: (frame) => look.text(look.object(json(frame), "message"), "id"),
    begun: (frame) => (frame.event === "content_block_start" ? [Number(json(frame)["index"])] : []),
    isEnd: ({ event }) => event === "message_stop",
    isError: (frame) => frame.event === "error" && look.object(json(frame), "error")?.["type"] !== undefined,
  },
  bedrock_titan: {
    id: () => undefined,
    begun: nothing,
    isEnd: (frame) => frame.data === "[DONE]" || look.text(json(frame), "completionReason") !== undefined,
    isError: (frame) => look.text(json(frame), "__type") !== undefined,
  },
  bedrock_converse: {
    id: () => undefined,
    begun: (frame) => (frame.event === "contentBlockStart" ? [Number(json(frame)["contentBlockIndex"])] : []),
    isEnd: ({ event }) => event === "messageStop",
    isError: ({ exception }) => exception !== undefined,
  },
};
