import type { ChatRequest, Effort } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LossList } from "../../core/loss.ts";
import type { OpenAIFacts } from "../../core/models/facts.ts";
import { efforts } from "./decode-reasoning.ts";

/**
 * The `reasoning_effort` a model takes, or undefined for none at all (mapping D.1 `thinking`, G.4): an effort outside
 * the model's list becomes the nearest lower one, else the nearest higher.
 */
export function encodeEffort(request: ChatRequest, limits: OpenAIFacts, losses: LossList): Effort | undefined {
  const { thinking, effort } = request.reasoning ?? {};
  const wanted = wantedEffort(request);
  if (thinking?.["display"] !== undefined) losses.dropped("thinking.display", "display of reasoning");
  // Beside `thinking` an effort always comes from `output_config`; a budget or "disabled" decides alone.
  const decides = thinking === undefined || (effort !== undefined && !decidesAlone(thinking));
  const paths = [thinking && "thinking", effort === undefined ? undefined : effortPath(request)];
  const path = decides ? paths[1] : paths[0];
  if (thinking && effort !== undefined && !decides) losses.dropped(paths[1], "effort beside thinking");
  if (limits.toolsNeedNone && request.tools?.length) {
    if (wanted !== undefined && wanted !== "none")
      for (const one of paths) losses.approximated(one, "reasoning beside tools");
    return "none";
  }
  if (wanted === undefined) return undefined;
  if (limits.efforts.length === 0) {
    if (wanted !== "none") for (const one of paths) losses.dropped(one, "reasoning");
    return undefined;
  }
  const fit = nearest(wanted, limits.efforts);
  if (fit !== wanted || thinking?.["budget_tokens"] !== undefined) losses.approximated(path, "reasoning effort");
  return fit;
}

function effortPath({ reasoning, paths }: ChatRequest): string | undefined {
  return reasoning?.thinking ? "output_config.effort" : paths.reasoning;
}

function decidesAlone(thinking: JsonObject): boolean {
  return thinking["type"] === "enabled" || thinking["type"] === "disabled";
}

/** Claude's `thinking` as an effort: by budget, else what `output_config` says (mapping D.1). */
function wantedEffort({ reasoning }: ChatRequest): Effort | undefined {
  const thinking = reasoning?.thinking;
  if (!thinking) return reasoning?.effort;
  switch (thinking["type"]) {
    case "enabled": {
      const budget = Number(thinking["budget_tokens"]);
      return budget < 4096 ? "low" : budget < 16384 ? "medium" : "high";
    }
    case "disabled":
      return "none";
    default:
      return reasoning?.effort ?? "medium";
  }
}

function nearest(wanted: Effort, supported: readonly Effort[]): Effort {
  const rank = (effort: Effort): number => efforts.indexOf(effort);
  const lower = supported.findLast((effort) => rank(effort) <= rank(wanted));
  return lower ?? supported[0] ?? wanted;
}
