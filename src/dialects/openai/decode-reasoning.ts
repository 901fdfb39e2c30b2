import type { Reasoning } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { integer, oneOf, read, required } from "./check.ts";

export const efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/**
 * What the body asks of reasoning: `reasoning_effort`, and Claude's `thinking` and `output_config.effort`, which win
 * beside it (mapping B.11). Gives the value, its path, and whether that field goes back by itself.
 */
export function decodeReasoning(
  body: JsonObject,
  maxTokens: number | undefined,
): [value: Reasoning | undefined, path: string, exact: boolean] {
  const effort = oneOf(body["reasoning_effort"], "reasoning_effort", efforts);
  const config = read.object(body["output_config"], "output_config");
  const claudeEffort = oneOf(config?.["effort"], "output_config.effort", efforts);
  const thinking = decodeThinkingParam(body, maxTokens);
  if (thinking) return [{ thinking, ...(claudeEffort !== undefined && { effort: claudeEffort }) }, "thinking", false];
  if (claudeEffort !== undefined) return [{ effort: claudeEffort }, "output_config.effort", false];
  return [effort === undefined ? undefined : { effort }, "reasoning_effort", true];
}

/** Claude's `thinking` with its own rules (mapping D.1). */
function decodeThinkingParam(body: JsonObject, maxTokens: number | undefined): JsonObject | undefined {
  const thinking = read.object(body["thinking"], "thinking");
  if (!thinking) return undefined;
  const type = required(thinking["type"], "thinking.type");
  oneOf(type, "thinking.type", ["enabled", "adaptive", "disabled", "between_tools"]);
  oneOf(thinking["display"], "thinking.display", ["summarized", "omitted"]);
  if (type !== "enabled") return thinking;
  const budget = integer(thinking["budget_tokens"], "thinking.budget_tokens", { min: 1024 });
  if (budget === undefined) throw GatewayError.missing("thinking.budget_tokens");
  if (maxTokens !== undefined && budget >= maxTokens) {
    throw GatewayError.invalid("thinking.budget_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`");
  }
  return thinking;
}
