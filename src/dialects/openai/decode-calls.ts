import type { BlockOf } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { JsonObject } from "../../core/json.ts";
import { leftOver } from "../read.ts";
import { decodeCache } from "./cache.ts";
import { read, required, unknownValue } from "./check.ts";
import { without } from "./decode-parts.ts";
import { extras } from "./wire.ts";

type Call = BlockOf<"tool-call">;

/** One entry of `tool_calls`. Arguments stay the string they are, broken or not (mapping B.5.5). */
export function decodeCall(wire: JsonObject, path: string, ttl: string | undefined): Call {
  const type = wire["type"] === undefined ? "function" : required(wire["type"], `${path}.type`);
  if (type !== "function" && type !== "custom") throw unknownValue(`${path}.type`, type, ["function", "custom"]);
  const id = required(wire["id"], `${path}.id`);
  const inner = read.object(wire[type], `${path}.${type}`);
  if (!inner) throw GatewayError.missing(`${path}.${type}`);
  const key = type === "custom" ? "input" : "arguments";
  const name = required(inner["name"], `${path}.${type}.name`);
  const input = read.string(inner[key], `${path}.${type}.${key}`);
  const cache = decodeCache(wire, path, ttl);
  // Empty arguments are told from left out ones by their place in the extras.
  const innerRest = without(inner, "name", ...(input ? [key] : []));
  const rest = leftOver({
    ...without(wire, "id", type, ...(wire["type"] === type ? ["type"] : [])),
    // A type that was left out is remembered as such.
    ...(wire["type"] === undefined && { type: null }),
    ...(innerRest && { [type]: innerRest }),
  });
  return {
    type: "tool-call",
    id,
    name,
    input: input ?? "",
    at: path,
    ...(type === "custom" && { custom: true }),
    ...(cache && { cache }),
    ...extras(rest),
  };
}

/** The deprecated `function_call` of an assistant message: its id is made from the message's index (mapping B.5.6). */
export function decodeFunctionCall(wire: JsonObject, path: string, messageIndex: number): Call {
  const input = read.string(wire["arguments"], `${path}.arguments`);
  return {
    type: "tool-call",
    id: `call_fn_${messageIndex}`,
    name: required(wire["name"], `${path}.name`),
    input: input ?? "",
    at: path,
    ...extras(without(wire, "name", ...(input ? ["arguments"] : []))),
  };
}
