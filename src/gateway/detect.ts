import type { DialectId } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import { isObject, type Json } from "../core/json.ts";
import type { Body } from "./body.ts";
import { unknownFormatText } from "./not-json.ts";

/** The format of a body and what showed it (for `explain`). */
export type Detection = { dialect: DialectId; evidence: string };

/** Top-level keys that only one of the two message formats has (mapping I.4). `system` is judged with the messages. */
const claudeKeys = ["system", "stop_sequences"];
const openaiKeys = ["max_completion_tokens", "response_format", "stop", "n"];

/**
 * Detects the request's dialect by evidence, first match wins (mapping I.4).
 * Throws 400 `unknown_request_format` for no format, and for evidence of two formats in one body.
 */
export function detect(body: Body, headers: Headers): Detection {
  if (body.has("anthropic_version")) return { dialect: "bedrock_claude", evidence: "anthropic_version" };
  if (headers.has("anthropic-version")) return { dialect: "bedrock_claude", evidence: "header anthropic-version" };
  if (body.has("inputText")) {
    if (body.has("messages")) throw both("inputText", "messages");
    return { dialect: "bedrock_titan", evidence: "inputText" };
  }
  if (!body.has("messages")) throw unknown(body);
  const claude =
    claudeKeys.find((key) => body.has(key)) ?? (body.peeked.claudeHint ? nested(body, claudeSigns) : undefined);
  if (!claude) return { dialect: "openai", evidence: "messages" };
  const openai = openaiKeys.find((key) => body.has(key)) ?? nested(body, openaiSigns);
  // Other gateways' clients replay `thinking` parts in OpenAI bodies (mapping B.4): they alone decide nothing against it.
  if (openai && claude.endsWith("'thinking')")) return { dialect: "openai", evidence: openai };
  if (openai) throw both(claude, openai);
  return { dialect: "bedrock_claude", evidence: claude };
}

type Signs = {
  tool(tool: Record<string, Json>): string | undefined;
  message(message: Record<string, Json>): string | undefined;
  part(part: Record<string, Json>): string | undefined;
};

const claudeParts = new Set(["tool_use", "tool_result", "thinking"]);
const claudeSigns: Signs = {
  tool: (tool) => ("input_schema" in tool ? "input_schema" : undefined),
  message: () => undefined,
  part(part) {
    if (typeof part["type"] !== "string") return undefined;
    if (claudeParts.has(part["type"])) return `content block '${part["type"]}'`;
    return (part["type"] === "image" || part["type"] === "document") && "source" in part
      ? `content block '${part["type"]}'`
      : undefined;
  },
};

const openaiRoles = new Set(["system", "developer", "tool", "function"]);
const openaiSigns: Signs = {
  tool: (tool) => ("function" in tool ? "tools[].function" : undefined),
  message(message) {
    if (typeof message["role"] === "string" && openaiRoles.has(message["role"])) return `role '${message["role"]}'`;
    return "tool_calls" in message ? "tool_calls" : undefined;
  },
  part: (part) => ("image_url" in part ? "image_url" : undefined),
};

function nested(body: Body, signs: Signs): string | undefined {
  const { tools, messages } = body.json;
  for (const tool of Array.isArray(tools) ? tools : []) {
    const sign = isObject(tool) ? signs.tool(tool) : undefined;
    if (sign) return `tools (${sign})`;
  }
  for (const [i, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (!isObject(message)) continue;
    const sign = signs.message(message);
    if (sign) return `messages[${i}] (${sign})`;
    for (const [j, part] of (Array.isArray(message["content"]) ? message["content"] : []).entries()) {
      const partSign = isObject(part) ? signs.part(part) : undefined;
      if (partSign) return `messages[${i}].content[${j}] (${partSign})`;
    }
  }
  return undefined;
}

function both(first: string, second: string): GatewayError {
  return new GatewayError({
    kind: "invalid_request",
    code: "unknown_request_format",
    message: `The request mixes two formats: ${first} belongs to one, ${second} to another. Send one format only.`,
  });
}

function unknown(body: Body): GatewayError {
  const hint = body.has("prompt") || body.has("input") ? " This endpoint needs 'messages'." : "";
  return new GatewayError({
    kind: "invalid_request",
    code: "unknown_request_format",
    message: unknownFormatText + hint,
  });
}
