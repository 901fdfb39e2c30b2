import type { ReplyMeta, Usage } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import type { ModelFacts } from "../../core/models.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { own } from "./wire.ts";

/** Anthropic's usage: exclusive of cache tokens, like the hub's (mapping D.2). `null` counts read as absent. */
export function decodeUsage(usage: JsonObject): Usage {
  const { input_tokens: _, output_tokens: __, ...rest } = usage;
  const read = look.number(usage, "cache_read_input_tokens");
  const write = look.number(usage, "cache_creation_input_tokens");
  const hour = look.number(look.object(usage, "cache_creation"), "ephemeral_1h_input_tokens");
  const thinking = look.number(look.object(usage, "output_tokens_details"), "thinking_tokens");
  const fields = leftOver({
    ...rest,
    cache_read_input_tokens: read === undefined ? rest["cache_read_input_tokens"] : undefined,
    cache_creation_input_tokens: write === undefined ? rest["cache_creation_input_tokens"] : undefined,
  });
  return {
    input: look.number(usage, "input_tokens") ?? 0,
    output: look.number(usage, "output_tokens") ?? 0,
    ...(read !== undefined && { cacheRead: read }),
    ...(write !== undefined && { cacheWrite: write }),
    ...(hour !== undefined && { cacheWrite1h: hour }),
    ...(thinking !== undefined && { reasoning: thinking }),
    ...(fields && { extras: { from: own, fields } }),
  };
}

/**
 * Cache counts that nobody gave are 0, as Claude always says them; other families on Bedrock have none to say
 * (mapping D.2).
 */
export function encodeUsage(usage: Usage, facts: ModelFacts | undefined): JsonObject {
  const { input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning } = usage;
  const ownFields = usage.extras?.from === own ? usage.extras.fields : undefined;
  const zero = ownFields !== undefined || (facts?.host === "bedrock" && facts.family !== "claude") ? undefined : 0;
  const read = cacheRead ?? zero;
  const write = cacheWrite ?? zero;
  return {
    input_tokens: input,
    ...(write !== undefined && { cache_creation_input_tokens: write }),
    ...(read !== undefined && { cache_read_input_tokens: read }),
    ...(cacheWrite1h !== undefined && {
      cache_creation: {
        ephemeral_5m_input_tokens: Math.max(0, (cacheWrite ?? 0) - cacheWrite1h),
        ephemeral_1h_input_tokens: cacheWrite1h,
      },
    }),
    output_tokens: output,
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
    ...ownFields,
  };
}

const metricsKey = "amazon-bedrock-invocationMetrics";

/** What Bedrock adds to message_stop; undefined unless the upstream is Bedrock and its time is known (mapping D.5). */
export function invocationMetrics(
  usage: Usage | undefined,
  meta: ReplyMeta | undefined,
  facts: ModelFacts | undefined,
): JsonObject | undefined {
  if (facts?.host !== "bedrock" || meta?.latencyMs === undefined) return undefined;
  return {
    [metricsKey]: {
      inputTokenCount: usage?.input ?? 0,
      outputTokenCount: usage?.output ?? 0,
      invocationLatency: meta.latencyMs,
      firstByteLatency: null,
      ...(usage?.cacheRead !== undefined && { cacheReadInputTokenCount: usage.cacheRead }),
      ...(usage?.cacheWrite !== undefined && { cacheWriteInputTokenCount: usage.cacheWrite }),
    },
  };
}

/** Bedrock's counts under Anthropic's names: they fill in what no event of the model said. */
export function metricsOf(event: JsonObject): { latencyMs?: number; counts: JsonObject } {
  const metrics = look.object(event, metricsKey);
  const counts: JsonObject = {};
  const put = (name: string, key: string): void => {
    const count = look.number(metrics, key);
    if (count !== undefined) counts[name] = count;
  };
  put("input_tokens", "inputTokenCount");
  put("output_tokens", "outputTokenCount");
  put("cache_read_input_tokens", "cacheReadInputTokenCount");
  put("cache_creation_input_tokens", "cacheWriteInputTokenCount");
  const latencyMs = look.number(metrics, "invocationLatency");
  return { counts, ...(latencyMs !== undefined && { latencyMs }) };
}
