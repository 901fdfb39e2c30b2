import type { Context } from "../dialect.ts";

/** The answer's id (mapping C.1): ours where we translate, else the upstream's. */
export function answerId(context: Context, upstream: string): string {
  return context.seed === undefined ? upstream : `chatcmpl-${context.seed.slice(0, 29)}`;
}

/** An id for the call number `count` of an answer whose upstream gave it none (mapping C.2, G.7): `call_` and 24 characters. */
export function callId(context: Context, count: number): string {
  const number = String(count).padStart(2, "0");
  return `call_${(context.seed ?? "").slice(0, 24 - number.length)}${number}`;
}
