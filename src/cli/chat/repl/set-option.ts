import type { Json } from "../../../core/json.ts";
import { usageError } from "../../failure.ts";
import type { Options } from "../options.ts";

const bounds: Readonly<Record<string, readonly [number, number]>> = { temperature: [0, 2], top_p: [0, 1] };

/** Sets a field of the next requests, or takes it out for an empty value. Gives back what is said of it. */
export function setOption(options: Options, key: string, value: Json): string {
  if (["model", "messages", "stream", "stream_options"].includes(key)) {
    throw usageError(`${key} cannot be set so.`, ...(key === "model" ? ["Use /model."] : []));
  }
  // One limit under three names: which of them is sent is a fact about the model.
  const isLimit = ["max_tokens", "max-tokens", "max_completion_tokens"].includes(key);
  if (value === "") {
    if (isLimit) delete options.maxTokens;
    else Reflect.deleteProperty(options.fields, key);
    return `${key} is not set.`;
  }
  if (isLimit) {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
      throw usageError(`${key} must be a whole number above 0, not ${shown(value)}.`);
    }
    options.maxTokens = value;
    return `${key} = ${value}`;
  }
  const [min, max] = (Object.hasOwn(bounds, key) ? bounds[key] : undefined) ?? [];
  if (min !== undefined && max !== undefined && (typeof value !== "number" || value < min || value > max)) {
    throw usageError(`${key} must be a number from ${min} to ${max}, not ${shown(value)}.`);
  }
  Object.defineProperty(options.fields, key, { value, enumerable: true, configurable: true, writable: true });
  return `${key} = ${JSON.stringify(value)}`;
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
