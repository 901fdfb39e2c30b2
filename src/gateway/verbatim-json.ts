import { GatewayError } from "../core/error.ts";
import { isObject } from "../core/json.ts";
import { latin1 } from "../core/bytes.ts";
import { rowOf } from "../core/row-of.ts";
import type { Context, Dialect } from "../dialects/dialect.ts";
import type { Tap } from "./transform.ts";

/**
 * The cheap look at a verbatim answer (mapping H.4, last paragraph): is it an answer at all, and what did it use?
 * Throws 502 `upstream_error` for an error object, HTML, or a body that stops in the middle.
 */
export function verbatimJson(bytes: Uint8Array, dialect: Dialect, context: Context): Tap {
  let start = 0;
  while (start < bytes.length && bytes[start]! <= 0x20) start++;
  let end = bytes.length;
  while (end > start && bytes[end - 1]! <= 0x20) end--;
  if (bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) throw noAnswer();
  if (dialect.id !== "openai") return hubTap(bytes, dialect, context);
  // All that is looked for is ASCII.
  const text = latin1(bytes, start, end);
  if (!text.includes('"choices"')) throw noAnswer();
  return openaiTap(text);
}

/** OpenAI's usage stands near the end of the body: it is parsed alone. */
function openaiTap(text: string): Tap {
  const at = text.lastIndexOf('"usage"');
  const open = at < 0 ? -1 : text.indexOf("{", at);
  if (open < 0 || open - at > 12) return {};
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth === 0) {
      const tap = usageOf(text.slice(open, i + 1));
      const finish = finishOf(text);
      if (finish) tap.finish = finish;
      return tap;
    }
  }
  return {};
}

function usageOf(text: string): Tap {
  try {
    const usage: unknown = JSON.parse(text);
    if (!isObject(usage)) return {};
    const details = usage["prompt_tokens_details"];
    const cacheRead = isObject(details) ? count(details["cached_tokens"]) : undefined;
    const input = count(usage["prompt_tokens"]);
    const output = count(usage["completion_tokens"]);
    if (input === undefined || output === undefined) return {};
    if (cacheRead === undefined) return { usage: { input, output } };
    return { usage: { input: Math.max(0, input - cacheRead), output, cacheRead } };
  } catch {
    return {};
  }
}

const finishKey = '"finish_reason"';

function finishOf(text: string): Tap["finish"] {
  const at = text.indexOf(finishKey);
  if (at < 0) return undefined;
  const open = text.indexOf('"', at + finishKey.length);
  const close = open < 0 ? -1 : text.indexOf('"', open + 1);
  // `null` stands where the quote of another key follows: what lies between is then no known word.
  const raw = close < 0 || close - open > 20 ? "" : text.slice(open + 1, close);
  const reason = rowOf(finishes, raw);
  return reason === undefined ? undefined : { reason, raw };
}

const finishes: Record<string, "stop" | "length" | "tool-calls" | "content-filter"> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
};

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Claude and Titan answers are small and of one piece: their own decoder reads them. */
function hubTap(bytes: Uint8Array, dialect: Dialect, context: Context): Tap {
  let body: unknown;
  try {
    body = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw noAnswer(cause);
  }
  if (!isObject(body)) throw noAnswer();
  const { usage, finish } = dialect.response.decode(body, context);
  return { ...(usage && { usage }), finish };
}

const decoder = new TextDecoder();

function noAnswer(cause?: unknown): GatewayError {
  return GatewayError.noAnswer("The upstream answered with something that is not a chat answer.", cause);
}
