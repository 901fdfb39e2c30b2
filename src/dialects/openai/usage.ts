import type { Usage } from "../../core/chat.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { extras, own } from "./wire.ts";

/** OpenAI's prompt tokens include what was read from and written to the cache, the hub's do not (mapping D.3). */
export function decodeUsage(wire: JsonObject): Usage {
  const prompt = look.object(wire, "prompt_tokens_details");
  const completion = look.object(wire, "completion_tokens_details");
  const cacheRead = look.number(prompt, "cached_tokens");
  const cacheWrite = look.number(prompt, "cache_write_tokens");
  const reasoning = look.number(completion, "reasoning_tokens");
  const promptRest = prompt && leftOver(prompt, promptKnown);
  const completionRest = completion && leftOver(completion, completionKnown);
  let rest = leftOver(wire, known);
  if (promptRest) (rest ??= {})["prompt_tokens_details"] = promptRest;
  if (completionRest) (rest ??= {})["completion_tokens_details"] = completionRest;
  return {
    input: Math.max(0, (look.number(wire, "prompt_tokens") ?? 0) - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    output: look.number(wire, "completion_tokens") ?? 0,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
    ...extras(rest),
  };
}

const promptKnown = ["cached_tokens", "cache_write_tokens"];
const completionKnown = ["reasoning_tokens"];
const known = [
  "prompt_tokens",
  "completion_tokens",
  "total_tokens",
  "prompt_tokens_details",
  "completion_tokens_details",
];

/** Mapping C.6: totals are ours, and no detail is made up. */
export function encodeUsage(usage: Usage): JsonObject {
  const { input, output, cacheRead = 0, cacheWrite, reasoning } = usage;
  const fields = own(usage);
  const prompt = input + cacheRead + (cacheWrite ?? 0);
  // An upstream that says no more than the hub knows is the rule.
  if (!fields && cacheWrite === undefined && reasoning === undefined) {
    return {
      prompt_tokens: prompt,
      completion_tokens: output,
      total_tokens: prompt + output,
      prompt_tokens_details: { cached_tokens: cacheRead },
    };
  }
  const { prompt_tokens_details, completion_tokens_details, ...rest } = fields ?? {};
  const more: JsonObject = isObject(completion_tokens_details) ? { ...completion_tokens_details } : {};
  if (reasoning !== undefined) more["reasoning_tokens"] = reasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      ...(cacheWrite !== undefined && { cache_write_tokens: cacheWrite }),
      ...(isObject(prompt_tokens_details) && prompt_tokens_details),
    },
    ...(Object.keys(more).length > 0 && { completion_tokens_details: more }),
    ...rest,
  };
}
