import type { DialectId } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";

const targets: readonly string[] = ["openai", "bedrock_claude", "bedrock_titan"];

/** The dialect that `target_format` asks for. Throws 400 for another word. */
export function targetDialect(target: string): DialectId {
  if (targets.includes(target)) return target;
  throw GatewayError.invalid(
    "target_format",
    `Invalid value: '${printable(target)}'. Supported values are: 'openai', 'bedrock_claude', and 'bedrock_titan'.`,
  );
}

/** The dialect of an error that comes before the gateway is asked: what the query wishes, if it is a format. */
export function errorDialect(query: string): DialectId {
  const target = new URLSearchParams(query).get("target_format");
  return target !== null && targets.includes(target) ? target : "openai";
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/\p{Cc}/gu, "?");
}
