import type { ReplyMeta } from "../../core/chat.ts";
import type { ChatEvent } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";

/** Bedrock's tier ⇄ OpenAI's word (mapping C.1). */
const tiers: readonly (readonly [bedrock: string, openai: string])[] = [
  ["default", "default"],
  ["flex", "flex"],
  ["priority", "priority"],
  ["reserved", "scale"],
];

type UsageEvent = Extract<ChatEvent, { type: "usage" }>;

/** `metadata` (or the tail of a whole answer) and `additionalModelResponseFields` as one usage event; undefined when both are empty. */
export function decodeTail(
  metadata: JsonObject | undefined,
  additional: JsonObject | undefined,
): UsageEvent | undefined {
  const { usage: _, metrics: __, trace, serviceTier, p: ___, ...rest } = metadata ?? {};
  const usage = look.object(metadata, "usage");
  const metrics = look.object(metadata, "metrics");
  const latencyMs = look.number(metrics, "latencyMs");
  const tier = tiers.find(([bedrock]) => bedrock === look.text(look.object(metadata, "serviceTier"), "type"))?.[1];
  const fields = leftOver({
    ...rest,
    additionalModelResponseFields: additional,
    metrics: metrics && leftOver({ ...metrics, latencyMs: undefined }),
    serviceTier: tier === undefined ? serviceTier : undefined,
  });
  const meta: ReplyMeta = {
    ...(tier !== undefined && { serviceTier: tier }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(trace !== undefined && { trace }),
    ...(fields && { extras: { from: "bedrock_converse", fields } }),
  };
  const known = Object.keys(meta).length > 0;
  if (!usage && !known) return undefined;
  return { type: "usage", ...(usage && { usage: decodeUsage(usage) }), ...(known && { meta }) };
}

/** The metadata's fields, and apart from them the model's own additional ones. */
export function encodeTail({ usage, meta }: Pick<UsageEvent, "usage" | "meta">): {
  metadata: JsonObject;
  additional: JsonObject | undefined;
} {
  const own = meta?.extras?.from === "bedrock_converse" ? meta.extras.fields : {};
  const { additionalModelResponseFields: _, metrics: __, ...rest } = own;
  const metrics = {
    ...(meta?.latencyMs !== undefined && { latencyMs: meta.latencyMs }),
    ...look.object(own, "metrics"),
  };
  const tier = tiers.find(([, openai]) => openai === meta?.serviceTier)?.[0];
  return {
    metadata: {
      ...(usage && { usage: encodeUsage(usage) }),
      ...(Object.keys(metrics).length > 0 && { metrics }),
      ...(meta?.trace !== undefined && { trace: meta.trace }),
      ...(tier !== undefined && { serviceTier: { type: tier } }),
      ...rest,
    },
    additional: look.object(own, "additionalModelResponseFields"),
  };
}

/** Claude's matched stop string: at the top on Converse, inside `delta` on ConverseStream (mapping B.11). */
export function stopSequenceOf(additional: JsonObject | undefined): string | undefined {
  return look.text(additional, "stop_sequence") ?? look.text(look.object(additional, "delta"), "stop_sequence");
}
