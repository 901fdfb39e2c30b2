import type { ChatRequest, Tool } from "../../core/chat.ts";
import { isObject, type JsonObject, rounded } from "../../core/json.ts";
import { type Loss, LossList } from "../../core/loss.ts";
import type { ModelFacts } from "../../core/models.ts";
import { leaveBlocks } from "./leave-blocks.ts";
import { checkPairing } from "./pairing.ts";
import { missing, extraInput, own, refuse } from "./wire.ts";
import { GatewayError } from "../../core/error.ts";

/**
 * What a Claude body costs when it goes to a model that is not served natively (mapping D.1): a loss for hints,
 * 400 in Anthropic's words for what only Claude can do and for bodies that Anthropic would refuse itself.
 */
export function leaveRequest(request: ChatRequest, facts: ModelFacts): Loss[] {
  const losses = new LossList(own);
  if (request.maxTokens === 0) throw refuse("max_tokens", "Input should be greater than or equal to 1");
  checkThinking(request);
  for (const tool of request.tools ?? []) leaveTool(tool, losses);
  leaveFields(request, facts, losses);
  checkPairing(request.messages);
  leaveBlocks(request, facts, losses);
  return losses.items;
}

/** The budget's bounds (mapping D.1, row `thinking`). */
function checkThinking({ reasoning, maxTokens }: ChatRequest): void {
  const thinking = reasoning?.thinking;
  const type = thinking?.["type"];
  if (!thinking || type === "adaptive" || type === "disabled" || type === "between_tools") return;
  if (type === undefined) throw missing("thinking.type");
  if (type !== "enabled") {
    throw refuse(
      "thinking",
      `Input tag '${word(type)}' found using 'type' does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'`,
    );
  }
  const budget = rounded(thinking["budget_tokens"]);
  if (typeof budget !== "number" || !Number.isInteger(budget))
    throw refuse("thinking.budget_tokens", "Input should be a valid integer", "invalid_type");
  if (budget < 1024) throw refuse("thinking.budget_tokens", "Input should be greater than or equal to 1024");
  if (maxTokens !== undefined && budget >= maxTokens)
    throw GatewayError.invalid("max_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`");
}

/** Fields of a tool that say nothing when they have these values. */
const toolDefaults: Readonly<Record<string, string>> = {
  type: '"custom"',
  defer_loading: "false",
  eager_input_streaming: "false",
  allowed_callers: '["direct"]',
  input_examples: "[]",
};

function leaveTool(tool: Tool, losses: LossList): void {
  const at = tool.at ?? "tools";
  if (tool.kind === "provider")
    throw refuse(`${at}.type`, `'${word(tool.raw?.["type"])}' is not supported for this model`);
  if (tool.extras?.from !== own) return;
  for (const [key, value] of Object.entries(tool.extras.fields))
    if (value !== null && toolDefaults[key] !== JSON.stringify(value)) losses.dropped(`${at}.${key}`, "tool field");
}

/** Top-level fields without a name in the hub: Bedrock itself answers so to what it does not know. */
function leaveFields(request: ChatRequest, facts: ModelFacts, losses: LossList): void {
  const fields = request.extras?.from === own ? request.extras.fields : {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || key === "anthropic_version") continue;
    if (key === "speed") {
      if (value !== "standard" && facts.host !== "openai") losses.dropped("speed", "speed");
    } else if (key === "cache_control") losses.dropped("cache_control", "cache control");
    else if ((key === "metadata" || key === "output_config" || key === "tool_choice") && isObject(value))
      leaveInner(key, value);
    else throw extraInput(key);
  }
  if (facts.host === "openai")
    for (const key of Object.keys(request.extensions ?? {})) losses.dropped(key, "gateway extension");
}

function leaveInner(key: string, fields: JsonObject): void {
  for (const [inner, value] of Object.entries(fields)) {
    if (value === null) continue;
    if (key === "output_config" && inner === "effort")
      throw refuse("output_config.effort", "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
    if (key === "output_config" && inner === "format")
      throw refuse("output_config.format", "only a plain 'json_schema' is supported for this model");
    throw extraInput(`${key}.${inner}`);
  }
}

function word(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
