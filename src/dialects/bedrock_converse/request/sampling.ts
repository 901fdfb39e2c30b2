import { GatewayError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { ConverseBody } from "../wire.ts";
import type { Thinking } from "./reasoning.ts";
import type { Work } from "./work.ts";

export type Sampling = { config: NonNullable<ConverseBody["inferenceConfig"]>; additional: JsonObject };

/** Length, temperature and their like, as far as the model takes them (mapping B.1, B.9.1). */
export function samplingOf(work: Work, thinking: Thinking): Sampling {
  const { request, facts, losses } = work;
  const { paths } = request;
  const config: Sampling["config"] = {};
  const additional: JsonObject = {};
  const plain = !(thinking.on && facts.reasoning?.noSampling) && !thinking.bare;

  const maxTokens = maxTokensOf(work, thinking);
  if (maxTokens !== undefined) config.maxTokens = maxTokens;

  if (request.temperature !== undefined) {
    const path = paths.temperature ?? "temperature";
    if (!plain || !facts.temperature) losses.dropped(path, "temperature");
    else {
      config.temperature = Math.min(request.temperature, 1);
      // Converse ends at 1 where OpenAI ends at 2.
      if (request.temperature > 1) losses.dropped(`${path}>1`, "temperature above 1");
    }
  }
  if (request.topP !== undefined) {
    const both = facts.topP === "unless-temperature" && config.temperature !== undefined;
    if (!plain || both || facts.topP === "drop") losses.dropped(paths.topP ?? "top_p", "top_p");
    else config.topP = request.topP;
  }
  if (request.topK !== undefined) {
    if (!facts.topK || (thinking.on && facts.reasoning?.noSampling)) losses.dropped(paths.topK ?? "top_k", "top_k");
    else put(additional, facts.topK, request.topK);
  }
  const stop = stopOf(work);
  if (stop.length > 0) config.stopSequences = stop;

  for (const [name, field] of [
    ["frequencyPenalty", "frequency_penalty"],
    ["presencePenalty", "presence_penalty"],
  ] as const) {
    const value = request[name];
    if (!value) continue;
    if (facts.penalties) additional[field] = value;
    else losses.dropped(paths[name] ?? field, field);
  }
  if (request.seed !== undefined) losses.dropped(paths.seed ?? "seed", "seed");
  return { config, additional };
}

function maxTokensOf(work: Work, thinking: Thinking): number | undefined {
  const { request, facts, losses } = work;
  const path = request.paths.maxTokens ?? "max_tokens";
  const max = request.maxTokens;
  if (max === undefined) return facts.maxTokens && !thinking.bare ? thinking.maxTokens : undefined;
  if (max < 1) {
    throw GatewayError.invalid(
      path,
      `Invalid '${path}': integer below minimum value. Expected a value >= 1, but got ${max} instead.`,
      "integer_below_min_value",
    );
  }
  if (!facts.maxTokens || thinking.bare) {
    losses.dropped(path, "max tokens");
    return undefined;
  }
  if (facts.maxOutput === undefined || max <= facts.maxOutput) return max;
  losses.clamped(path, "max tokens");
  return facts.maxOutput;
}

/** Stop strings: never empty; what white space alone and Titan's own rule cost is in the table (mapping B.1, B.9.1). */
function stopOf(work: Work): string[] {
  const { request, facts, losses } = work;
  const stop = request.stop ?? [];
  const path = request.paths.stop ?? "stop";
  const lone = typeof request.extras?.fields[path] === "string";
  if (stop.length > 0 && facts.stop === "drop") {
    losses.dropped(path, "stop");
    return [];
  }
  return stop.filter((item, i) => {
    const taken =
      item !== "" &&
      (facts.stop !== "visible" || item.trim() !== "") &&
      (facts.stop !== "titan" || /^(?:\|+|User:)$/.test(item));
    if (!taken) losses.dropped(lone ? path : `${path}[${i}]`, "stop");
    return taken;
  });
}

/** Sets a value at a dotted place such as `inferenceConfig.topK`. */
function put(target: JsonObject, place: string, value: number): void {
  const [head = "", ...rest] = place.split(".");
  target[head] = rest.length === 0 ? value : { [rest.join(".")]: value };
}
