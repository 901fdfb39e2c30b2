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
  const trace = metadata?.["trace"];
  const usage = look.object(metadata, "usage");
  const metrics = look.object(metadata, "metrics");
  const latencyMs = look.number(metrics, "latencyMs");
  const told =
    metadata?.["serviceTier"] === undefined ? undefined : look.text(look.object(metadata, "serviceTier"), "type");
  const tier = told === undefined ? undefined : tiers.find(([bedrock]) => bedrock === told)?.[1];
  const rest = metadata && leftOver(metadata, tier === undefined ? named : namedWithTier);
  const metricsRest = metrics && leftOver(metrics, latency);
  const fields = additional || metricsRest ? { ...rest } : rest;
  if (fields && additional) fields["additionalModelResponseFields"] = additional;
  if (fields && metricsRest) fields["metrics"] = metricsRest;
  const meta: ReplyMeta = {};
  if (tier !== undefined) meta.serviceTier = tier;
  if (latencyMs !== undefined) meta.latencyMs = latencyMs;
  if (trace !== undefined) meta.trace = trace;
  if (fields) meta.extras = { from: "bedrock_converse", fields };
  const known = tier !== undefined || latencyMs !== undefined || trace !== undefined || fields !== undefined;
  if (!usage && !known) return undefined;
  const event: UsageEvent = { type: "usage" };
  if (usage) event.usage = decodeUsage(usage);
  if (known) event.meta = meta;
  return event;
}

const named = ["usage", "metrics", "trace", "p"];
const namedWithTier = [...named, "serviceTier"];
const latency = ["latencyMs"];

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
