import type { ChatRequest, Effort } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { ReasoningFacts } from "../../../core/models/facts.ts";
import type { History } from "./history.ts";
import type { Work } from "./work.ts";

/** What asking for reasoning adds to a request, and what it forbids. */
export type Thinking = {
  fields: JsonObject;
  /** Thinking was asked for: sampling, forced tools and the JSON tool have to give way. */
  on: boolean;
  /** Nova 2 with effort high takes no temperature, topP or maxTokens. */
  bare: boolean;
  maxTokens?: number;
};

export type Circumstances = { forced: boolean; prefill: boolean; history: History };

const off: Thinking = { fields: {}, on: false, bare: false };

/** Reasoning in the words of the model's family (mapping B.9.2, B.9.3, D.1). */
export function thinkingOf(work: Work, around: Circumstances): Thinking {
  const { request, facts } = work;
  const wish = request.reasoning;
  if (!wish) return off;
  const table = facts.reasoning;
  if (!table) return refused(work);
  if (table.style === "claude-adaptive" || table.style === "claude-manual") {
    return claudeThinking(work, table, around);
  }
  const effort = effortWished(work);
  if (effort === undefined) return off;
  const word = table.efforts[effort];
  if (word === undefined) {
    if (effort !== "none") return refused(work);
    if (table.none !== "omit") work.losses.dropped(pathOfNone(request), "reasoning cannot be switched off");
    return off;
  }
  if (effort === "none" && word !== "none") {
    work.losses.approximated(pathOfNone(request), "reasoning cannot be switched off");
  }
  return { fields: flatFields(table, word), on: effort !== "none", bare: word === table.bareEffort };
}

/** The model cannot be asked to think. Not thinking is what it does anyway. */
function refused({ request, losses }: Work): Thinking {
  const { effort, thinking } = request.reasoning ?? {};
  if (effort !== undefined && effort !== "none") losses.dropped(effortPath(request), "reasoning effort");
  if (thinking !== undefined && thinking["type"] !== "disabled") losses.dropped("thinking", "thinking");
  return off;
}

function flatFields(table: ReasoningFacts, word: string): JsonObject {
  switch (table.style) {
    case "nova":
      return { reasoningConfig: { type: "enabled", maxReasoningEffort: word } };
    case "flat-effort":
      return { reasoning_effort: word };
    case "nested-effort":
      return { reasoning: { effort: word } };
    case "reasoning-config":
      return { reasoning_config: word };
    case "claude-adaptive":
    case "claude-manual":
      return {};
    default:
      return table.style satisfies never;
  }
}

/** The caller's effort, or what his `thinking` object amounts to (mapping D.1). Losses are counted. */
function effortWished(work: Work): Effort | undefined {
  const { request, losses } = work;
  const { effort, thinking } = request.reasoning ?? {};
  if (!thinking) return effort;
  if (thinking["type"] === "disabled") {
    loseEffortBesideThinking(work);
    return "none";
  }
  losses.approximated("thinking", "thinking");
  if (effort !== undefined && isOutputConfig(request)) return effort;
  loseEffortBesideThinking(work);
  return effortOfThinking(thinking);
}

/** <4096 low, <16384 medium, else high; adaptive is medium. */
export function effortOfThinking(thinking: JsonObject): Effort {
  const budget = thinking["budget_tokens"];
  if (typeof budget !== "number") return "medium";
  if (budget < 4096) return "low";
  return budget < 16384 ? "medium" : "high";
}

function claudeThinking(work: Work, table: ReasoningFacts, around: Circumstances): Thinking {
  const { request } = work;
  const manual = table.style === "claude-manual";
  const plan = request.reasoning?.thinking ? writtenByCaller(work, table) : fromEffort(work, table);
  const thinking = plan.thinking;
  const type = thinking?.["type"];
  const on = type === "enabled" || type === "adaptive";
  const blocked =
    (around.forced && work.facts.noForcedToolWithThinking) ||
    (manual && around.history.unsignedCalls) ||
    around.prefill;
  if (on && blocked) return giveUp(work, plan.output);
  const fields: JsonObject = {
    ...(thinking && { thinking: withoutDisplay(thinking, work) }),
    ...(plan.output && { output_config: { effort: plan.output } }),
  };
  if (type !== "enabled") return { fields, on, bare: false };
  return withBudget(work, fields, thinking?.["budget_tokens"], plan.fromTable, plan.output);
}

type Plan = { thinking?: JsonObject; output?: string; fromTable: boolean };

/** `thinking` as the caller wrote it, but for forms that the model is known to refuse (trap T-30). */
function writtenByCaller(work: Work, table: ReasoningFacts): Plan {
  const { request, losses } = work;
  const thinking = request.reasoning?.thinking ?? {};
  const effort = isOutputConfig(request) ? request.reasoning?.effort : undefined;
  if (!effort) loseEffortBesideThinking(work);
  const output = effort && (table.efforts[effort] ?? effort);
  const type = thinking["type"];
  if (table.style === "claude-manual") {
    if (type !== "adaptive") return { thinking, fromTable: false, ...(output && { output }) };
    losses.approximated("thinking", "adaptive thinking");
    return {
      thinking: { type: "enabled", budget_tokens: table.budgets?.[effort ?? "medium"] ?? 8192 },
      fromTable: true,
    };
  }
  if (type === "enabled" && table.display) {
    losses.approximated("thinking", "thinking budget");
    const { budget_tokens: _, ...rest } = thinking;
    return { thinking: { ...rest, type: "adaptive" }, output: output ?? effortOfThinking(thinking), fromTable: false };
  }
  if (type !== "disabled" || !table.display) return { thinking, fromTable: false, ...(output && { output }) };
  if (table.none !== "omit" && table.none !== "disabled") losses.approximated("thinking", "thinking disabled");
  const none = noThinking(table);
  // "When extended thinking is disabled, the effort level is capped at high."
  const capped = output === "xhigh" || output === "max" ? "high" : output;
  if (capped !== output) losses.clamped(effortPath(request), "effort without thinking");
  return { ...none, ...(capped && { output: none.output ?? capped }) };
}

function fromEffort(work: Work, table: ReasoningFacts): Plan {
  const { request, losses } = work;
  const effort = request.reasoning?.effort;
  if (effort === undefined) return { fromTable: false };
  const word = table.efforts[effort];
  // Claude's own field asks for effort, not for thinking.
  if (isOutputConfig(request)) return { output: word ?? effort, fromTable: false };
  if (effort === "none") {
    if (table.none === "effort-low" || table.none === "between-tools") {
      losses.approximated(effortPath(request), "thinking cannot be switched off");
    }
    return noThinking(table);
  }
  if (word === undefined) {
    losses.dropped(effortPath(request), "reasoning effort");
    return { fromTable: false };
  }
  if (table.style === "claude-manual") {
    return { thinking: { type: "enabled", budget_tokens: table.budgets?.[effort] ?? 8192 }, fromTable: true };
  }
  // Newer models leave the thinking text blank unless asked for it.
  const display = table.display && !work.facts.noThinkingDisplay ? { display: "summarized" } : {};
  return { thinking: { type: "adaptive", ...display }, output: word, fromTable: false };
}

/** The nearest a model comes to not thinking. */
function noThinking(table: ReasoningFacts): Plan {
  switch (table.none) {
    case "disabled":
      return { thinking: { type: "disabled" }, fromTable: false };
    case "between-tools":
      return { thinking: { type: "between_tools" }, fromTable: false };
    case "effort-low":
      return { output: "low", fromTable: false };
    case "omit":
    case undefined:
      return { fromTable: false };
    default:
      return table.none satisfies never;
  }
}

/** Budget and maximum have to leave room for an answer (mapping B.9.3, trap T-31). */
function withBudget(
  work: Work,
  fields: JsonObject,
  written: unknown,
  fromTable: boolean,
  output: string | undefined,
): Thinking {
  const { request, facts } = work;
  const wanted = typeof written === "number" ? written : 1024;
  const max = request.maxTokens;
  if (max === undefined) {
    const room = wanted + 4096;
    const maxTokens = facts.maxOutput === undefined ? room : Math.min(room, facts.maxOutput);
    return { fields, on: true, bare: false, maxTokens };
  }
  if (!fromTable) {
    checkBudget(wanted, max);
    return { fields, on: true, bare: false };
  }
  const cap = facts.maxOutput === undefined ? max : Math.min(max, facts.maxOutput);
  if (cap <= 1024 + 256) return giveUp(work, output);
  const budget = Math.max(1024, Math.min(wanted, cap - Math.max(256, Math.floor(cap / 4))));
  return { fields: { ...fields, thinking: { type: "enabled", budget_tokens: budget } }, on: true, bare: false };
}

function checkBudget(budget: number, max: number): void {
  const path = "thinking.budget_tokens";
  if (budget < 1024) throw GatewayError.invalid(path, `${path}: Input should be greater than or equal to 1024`);
  if (budget >= max) throw GatewayError.invalid(path, "`max_tokens` must be greater than `thinking.budget_tokens`");
}

/** Thinking is dropped for this request rather than let the upstream refuse all of it. */
function giveUp({ request, losses }: Work, output: string | undefined): Thinking {
  if (request.reasoning?.thinking) losses.dropped("thinking", "thinking");
  else losses.dropped(effortPath(request), "reasoning effort");
  const keep = output !== undefined && isOutputConfig(request);
  return { ...off, fields: keep ? { output_config: { effort: output } } : {} };
}

function withoutDisplay(thinking: JsonObject, { facts, losses }: Work): JsonObject {
  if (!facts.noThinkingDisplay || thinking["display"] === undefined) return thinking;
  const { display: _, ...rest } = thinking;
  losses.dropped("thinking.display", "thinking display");
  return rest;
}

/** Beside `thinking`, `reasoning_effort` counts for nothing (mapping B.11). */
function loseEffortBesideThinking({ request, losses }: Work): void {
  if (request.reasoning?.effort !== undefined) losses.dropped(effortPath(request), "effort beside thinking");
}

function pathOfNone(request: ChatRequest): string {
  return request.reasoning?.thinking ? "thinking" : effortPath(request);
}

function isOutputConfig(request: ChatRequest): boolean {
  return effortPath(request).startsWith("output_config");
}

function effortPath({ paths }: ChatRequest): string {
  const path = paths.reasoning;
  return path === undefined || path.startsWith("thinking") ? "output_config.effort" : path;
}
