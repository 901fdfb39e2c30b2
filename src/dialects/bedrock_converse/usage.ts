import type { Usage } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";

/** Converse's TokenUsage: `inputTokens` excludes cache reads and writes, like the hub's (mapping C.6). */
export function decodeUsage(usage: JsonObject): Usage {
  const read = look.number(usage, "cacheReadInputTokens") ?? look.number(usage, "cacheReadInputTokenCount");
  const write = look.number(usage, "cacheWriteInputTokens") ?? look.number(usage, "cacheWriteInputTokenCount");
  const hour = look.objects(usage, "cacheDetails").filter((detail) => detail["ttl"] === "1h");
  const fields = leftOver(usage, counted);
  const told: Usage = {
    input: look.number(usage, "inputTokens") ?? 0,
    output: look.number(usage, "outputTokens") ?? 0,
  };
  if (read !== undefined) told.cacheRead = read;
  if (write !== undefined) told.cacheWrite = write;
  if (hour.length > 0)
    told.cacheWrite1h = hour.reduce((sum, detail) => sum + (look.number(detail, "inputTokens") ?? 0), 0);
  if (fields) told.extras = { from: "bedrock_converse", fields };
  return told;
}

const counted = ["inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"];

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
