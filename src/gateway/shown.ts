import type { Tools } from "./exchange.ts";
import type { Prepared } from "./prepare.ts";

/** EMIT_REASONING=off keeps reasoning from OpenAI callers, whose format has no place of its own for it. */
export function hidesReasoning({ plan }: Prepared, tools: Tools): boolean {
  return !tools.settings.emitReasoning && plan.reply.id === "openai";
}
