import type { Usage } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";

/** Converse's TokenUsage: `inputTokens` excludes cache reads and writes, like the hub's (mapping C.6). */
export function decodeUsage(usage: JsonObject): Usage {
  const { inputTokens: _, outputTokens: __, cacheReadInputTokens: ___, cacheWriteInputTokens: ____, ...rest } = usage;
  const read = look.number(usage, "cacheReadInputTokens") ?? look.number(usage, "cacheReadInputTokenCount");
  const write = look.number(usage, "cacheWriteInputTokens") ?? look.number(usage, "cacheWriteInputTokenCount");
  const hour = look.objects(usage, "cacheDetails").filter((detail) => detail["ttl"] === "1h");
  const fields = leftOver(rest);
  return {
    input: look.number(usage, "inputTokens") ?? 0,
    output: look.number(usage, "outputTokens") ?? 0,
    ...(read !== undefined && { cacheRead: read }),
    ...(write !== undefined && { cacheWrite: write }),
    ...(hour.length > 0 && {
      cacheWrite1h: hour.reduce((sum, detail) => sum + (look.number(detail, "inputTokens") ?? 0), 0),
    }),
    ...(fields && { extras: { from: "bedrock_converse", fields } }),
  };
}

/** `totalTokens` counts everything, cached or not (recorded; K41). */
export function encodeUsage(usage: Usage): JsonObject {
  const { input, output, cacheRead, cacheWrite, cacheWrite1h } = usage;
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output + (cacheRead ?? 0) + (cacheWrite ?? 0),
    ...(cacheRead !== undefined && { cacheReadInputTokens: cacheRead }),
    ...(cacheWrite !== undefined && { cacheWriteInputTokens: cacheWrite }),
    ...(cacheWrite1h !== undefined && { cacheDetails: [{ ttl: "1h", inputTokens: cacheWrite1h }] }),
    ...(usage.extras?.from === "bedrock_converse" && usage.extras.fields),
  };
}
