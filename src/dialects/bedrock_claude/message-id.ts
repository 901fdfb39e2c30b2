import type { Context } from "../dialect.ts";

/** `msg_` and 24 characters of the seed; without a seed the upstream's own id (mapping D.2). */
export function messageId(upstream: string, { seed }: Context): string {
  return seed ? `msg_${seed.slice(0, 24)}` : upstream || "msg_0";
}
