import type { BlockOf } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";

type Reasoning = Pick<BlockOf<"reasoning">, "text" | "signature" | "redacted">;

/** What a client has to store for a replay: signed and redacted reasoning, byte for byte (mapping C.1). */
export function thinkingBlocks({ text, signature, redacted }: Reasoning): JsonObject[] {
  const blocks: JsonObject[] = [];
  if (signature !== undefined) blocks.push({ type: "thinking", thinking: text, signature });
  if (redacted !== undefined) blocks.push({ type: "redacted_thinking", data: redacted });
  return blocks;
}
