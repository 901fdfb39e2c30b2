import type { Usage } from "../../core/chat.ts";

/** Titan's one input count holds what was read from and written to a cache (mapping E.4). */
export function inputTokens({ input, cacheRead, cacheWrite }: Usage): number {
  return input + (cacheRead ?? 0) + (cacheWrite ?? 0);
}
