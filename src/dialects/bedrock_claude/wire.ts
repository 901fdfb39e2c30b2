import { GatewayError } from "../../core/error.ts";
import { readers } from "../read.ts";

/** This dialect's name in the hub. */
export const own = "bedrock_claude";
/** The version Bedrock wants where the caller wrote none. */
export const defaultVersion = "bedrock-2023-05-31";

/** Anthropic writes paths with dots: `messages.0.content.1` (mapping D.1.2). */
export function dotted(path: string): string {
  return path.replace(/\[(\d+)\]/g, ".$1");
}

/** A 400 in Anthropic's words, `<path>: <text>`; `param` is the same path. */
export function refuse(path: string, text: string, code = "invalid_value"): GatewayError {
  const shown = dotted(path);
  return GatewayError.invalid(shown, `${shown}: ${text}`, code);
}

export function missing(path: string): GatewayError {
  return refuse(path, "Field required", "missing_required_parameter");
}

export function extraInput(path: string): GatewayError {
  return refuse(path, "Extra inputs are not permitted", "unknown_parameter");
}

/** Anthropic's words for JSON types. */
const words: Readonly<Record<string, string>> = {
  "a string": "a valid string",
  "an integer": "a valid integer",
  "a number": "a valid number",
  "a boolean": "a valid boolean",
  "an object": "an object",
  "an array": "a valid list",
};

export const read = readers((path, expected) =>
  refuse(path, `Input should be ${words[expected] ?? expected}`, "invalid_type"),
);
