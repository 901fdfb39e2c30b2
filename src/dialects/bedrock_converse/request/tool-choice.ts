import type { Tool, ToolChoice } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { WireToolChoice } from "../wire.ts";
import type { History } from "./history.ts";
import type { ToolNames } from "./tool-names.ts";
import type { Work } from "./work.ts";

/** What is asked of the model about tools, in words that it knows. */
export type Choice = {
  mode: "auto" | "none" | "any" | "tool";
  /** Caller's name, mode `tool`. */
  name?: string;
  /** The caller's tools that stay defined. */
  tools: readonly Tool[];
};

/** Narrows the caller's wish to what the model can be told (mapping B.5.2, B.5.3). Throws 400 for names nobody defined. */
export function choose(work: Work, history: History): Choice {
  const { request, losses } = work;
  const tools = request.tools ?? [];
  const path = request.paths.toolChoice ?? "tool_choice";
  const wish: ToolChoice = request.toolChoice ?? { mode: "auto" };
  if (tools.length === 0) {
    if (wish.mode === "required" || wish.mode === "tool") {
      throw GatewayError.invalid(path, `'${path}' is only allowed when 'tools' are specified.`);
    }
    return { mode: history.hasToolBlocks ? "none" : "auto", tools };
  }
  const defined = new Set(tools.map((tool) => tool.name));
  for (const name of [...(wish.name === undefined ? [] : [wish.name]), ...(wish.allowed ?? [])]) {
    if (!defined.has(name)) throw GatewayError.invalid(path, `Tool choice '${name}' not found in 'tools' parameter.`);
  }
  // Tools that occur in history stay defined, also when they are not allowed now (B.5.5).
  const narrowed = (keep: (name: string) => boolean): readonly Tool[] =>
    tools.filter((tool) => keep(tool.name) || history.calledNames.includes(tool.name));
  const allowed = wish.allowed;
  const offered = allowed ? narrowed((name) => allowed.includes(name)) : tools;
  if (allowed && offered.some((tool) => !allowed.includes(tool.name))) losses.approximated(path, "allowed tools");
  const can = new Set(work.facts.toolChoice);
  switch (wish.mode) {
    case "auto":
    case "none":
      return { mode: wish.mode, tools: offered };
    case "required":
      if (can.has("any")) return { mode: "any", tools: offered };
      losses.dropped(path, "forced tool choice");
      return { mode: "auto", tools: offered };
    case "tool": {
      const { name } = wish;
      if (name === undefined) return { mode: "auto", tools: offered };
      if (can.has("tool")) return { mode: "tool", name, tools: offered };
      losses.approximated(path, "named tool choice");
      const left = narrowed((other) => other === name);
      for (const tool of tools) if (!left.includes(tool)) losses.dropped(tool.at, "tool beside a named choice");
      return { mode: can.has("any") ? "any" : "auto", tools: left };
    }
    default:
      return wish.mode satisfies never;
  }
}

export type WrittenChoice = { toolChoice?: WireToolChoice; additional?: JsonObject; line?: string };

/**
 * How a choice is written: in `toolChoice`, or as Claude's own object in the additional fields. Never both: they conflict
 * (mapping B.5.3, B.5.4). `line` is what other families are told instead of `none`.
 */
export function writeChoice(choice: Choice, work: Work, names: ToolNames): WrittenChoice {
  const { request, facts, losses } = work;
  const single = request.parallelToolCalls === false;
  const name = choice.name === undefined ? undefined : names.upstream(choice.name);
  if (choice.mode === "none") {
    return facts.claudeToolChoice
      ? { additional: { type: "none" } }
      : { line: "Do not call any tool in your next reply." };
  }
  if (single && facts.claudeToolChoice) {
    return {
      additional: { type: choice.mode, ...(name !== undefined && { name }), disable_parallel_tool_use: true },
    };
  }
  if (single) losses.dropped(request.paths.parallelToolCalls ?? "parallel_tool_calls", "single tool calls");
  if (choice.mode === "any") return { toolChoice: { any: {} } };
  if (choice.mode === "tool" && name !== undefined) return { toolChoice: { tool: { name } } };
  return {};
}
