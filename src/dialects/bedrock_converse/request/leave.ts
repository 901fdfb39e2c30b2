import type { Block, ChatRequest } from "../../../core/chat.ts";
import { type Loss, LossList } from "../../../core/loss.ts";
import { id } from "../wire.ts";

/** Members whose meaning the hub holds, whatever their spelling. */
const carried: ReadonlySet<string> = new Set([
  "modelId",
  "system",
  "messages",
  "inferenceConfig",
  "toolConfig",
  "outputConfig",
  "serviceTier",
  "guardrailConfig",
  "performanceConfig",
  "requestMetadata",
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  "promptVariables",
]);

/** A loss for every member, and every block, that the hub does not hold to the last field. */
export function leave(request: ChatRequest): Loss[] {
  const losses = new LossList(id);
  const fields = request.extras?.from === id ? request.extras.fields : {};
  for (const key of Object.keys(fields)) if (!carried.has(key)) losses.dropped(key, "unknown field");
  for (const message of request.messages) leaveBlocks(message.content, losses);
  return losses.items;
}

function leaveBlocks(blocks: readonly Block[], losses: LossList): void {
  for (const block of blocks) {
    if (block.extras?.from === id) losses.approximated(block.at, "block field");
    if (block.type === "tool-result") leaveBlocks(block.content, losses);
  }
}
