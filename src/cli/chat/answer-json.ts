import type { Answer } from "./answer.ts";
import { usageJson } from "./display.ts";

export type About = { model: string; provider: string | undefined; latencyMs: number; sessionId: string | null };

/** The object of `--json` (cli.md 3.3). */
export function answerJson(answer: Answer, about: About): Record<string, unknown> {
  return {
    id: answer.id,
    model: answer.model || about.model,
    provider: about.provider ?? null,
    created: answer.created,
    content: answer.text === "" && answer.toolCalls.length > 0 ? null : answer.text,
    ...(answer.refusal !== "" && { refusal: answer.refusal }),
    ...(answer.reasoning !== "" && { reasoning: answer.reasoning }),
    ...(answer.toolCalls.length > 0 && {
      tool_calls: answer.toolCalls.map(({ id, name, input }) => ({ id, name, arguments: input })),
    }),
    finish_reason: answer.finish ?? null,
    usage: answer.usage === undefined ? null : usageJson(answer.usage),
    latency_ms: Math.round(about.latencyMs),
    session_id: about.sessionId,
  };
}
