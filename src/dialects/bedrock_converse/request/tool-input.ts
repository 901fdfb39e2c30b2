import type { BlockOf } from "../../../core/chat.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../../../core/json.ts";

/**
 * The input of a tool call: Bedrock takes objects only (mapping B.5.5, trap T-19). Blank arguments are an empty object,
 * anything else that is no object is wrapped, so that the model sees what it once wrote.
 */
export function toolInput(call: BlockOf<"tool-call">): JsonObject {
  if (call.custom) return { input: call.input.toWellFormed() };
  if (call.input.trim() === "") return {};
  const parsed = parseJson(call.input);
  if (!isObject(parsed) || nestsDeeper(parsed, mostLevels)) return { rawInvalidInput: call.input.toWellFormed() };
  return /\\u[dD]|[\ud800-\udfff]/.test(call.input) ? wellFormed(parsed) : parsed;
}

/** Arguments are text inside the body, so the limit on the body's own depth does not see them. */
const mostLevels = 128;

function nestsDeeper(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => nestsDeeper(item, levels - 1));
}

/** A copy without lone surrogates: Bedrock answers 400 to invalid UTF-8 (mapping B.4). */
function wellFormed(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormedValue(item)]));
}

function wellFormedValue(value: Json): Json {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormedValue);
  return isObject(value) ? wellFormed(value) : value;
}
