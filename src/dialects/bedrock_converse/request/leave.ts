import type { Block, ChatRequest } from "../../../core/chat.ts";
import type { ModelFacts } from "../../../core/models.ts";
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

/** Members that the hub holds as extensions: no other dialect's body has a place for them. */
const onlyOurs = {
  guardrail_config: "guardrailConfig",
  performance_config: "performanceConfig",
  additional_model_request_fields: "additionalModelRequestFields",
  additional_model_response_field_paths: "additionalModelResponseFieldPaths",
  prompt_variables: "promptVariables",
  request_metadata: "requestMetadata",
} as const;

/** A loss for every member, and every block, that the hub does not hold to the last field or that stays behind. */
export function leave(request: ChatRequest, facts: ModelFacts): Loss[] {
  const losses = new LossList(id);
  for (const [name, member] of Object.entries(onlyOurs))
    if (Object.hasOwn(request.extensions ?? {}, name)) losses.dropped(member, "member of Converse");
  const fields = request.extras?.from === id ? request.extras.fields : {};
  for (const key of Object.keys(fields)) if (!carried.has(key)) losses.dropped(key, "unknown field");
  for (const message of request.messages) leaveBlocks(message.content, facts, losses);
  return losses.items;
}

function leaveBlocks(blocks: readonly Block[], facts: ModelFacts, losses: LossList): void {
  for (const block of blocks) {
    if (block.extras?.from === id) losses.approximated(block.at, "block field");
    if (block.guard) losses.dropped(block.at && `${block.at}.guardContent`, "guardrail marking");
    // Claude's own format holds citations; the others have no place for them in history.
    if (block.type === "text" && block.citations?.length && facts.native !== "bedrock_claude")
      losses.dropped(block.at && `${block.at}.citationsContent.citations`, "citations in history");
    if (block.type === "tool-result") leaveBlocks(block.content, facts, losses);
  }
}
