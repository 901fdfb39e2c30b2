import { GatewayError } from "../core/error.ts";
import { isObject } from "../core/json.ts";
import { rowOf } from "../core/row-of.ts";
import type { Context, Dialect } from "../dialects/dialect.ts";
import type { Tap } from "./transform.ts";

const choices = Buffer.from('"choices"');
const finishKey = Buffer.from('"finish_reason"');
const usageKey = Buffer.from('"usage"');

/**
 * The cheap look at a verbatim answer (mapping H.4, last paragraph): is it an answer at all, and what did it use?
 * Throws 502 `upstream_error` for an error object, HTML, or a body that stops in the middle.
 */
export function verbatimJson(bytes: Uint8Array, dialect: Dialect, context: Context): Tap {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let start = 0;
  while (start < view.length && view[start]! <= 0x20) start++;
  let end = view.length;
  while (end > start && view[end - 1]! <= 0x20) end--;
  if (view[start] !== 0x7b || view[end - 1] !== 0x7d) throw noAnswer();
  if (dialect.id === "openai" && view.indexOf(choices) < 0) throw noAnswer();
  return dialect.id === "openai" ? openaiTap(view, end) : hubTap(view, dialect, context);
}

/** OpenAI's usage stands near the end of the body: it is parsed alone. */
function openaiTap(view: Buffer, end: number): Tap {
  const at = view.lastIndexOf(usageKey, end);
  const open = at < 0 ? -1 : view.indexOf(0x7b, at);
  if (open < 0 || open - at > 12) return {};
  let depth = 0;
  for (let i = open; i < end; i++) {
    if (view[i] === 0x7b) depth++;
    else if (view[i] === 0x7d && --depth === 0)
      return { ...usageOf(view.toString("utf8", open, i + 1)), ...finishOf(view) };
  }
  return {};
}

function usageOf(text: string): Tap {
  try {
    const usage: unknown = JSON.parse(text);
    if (!isObject(usage)) return {};
    const details = isObject(usage["prompt_tokens_details"]) ? usage["prompt_tokens_details"] : {};
    const cacheRead = count(details["cached_tokens"]);
    const input = count(usage["prompt_tokens"]);
    const output = count(usage["completion_tokens"]);
    if (input === undefined || output === undefined) return {};
    return {
      usage: { input: Math.max(0, input - (cacheRead ?? 0)), output, ...(cacheRead !== undefined && { cacheRead }) },
    };
  } catch {
    return {};
  }
}

function finishOf(view: Buffer): Tap {
  const at = view.indexOf(finishKey);
  if (at < 0) return {};
  const open = view.indexOf(0x22, at + finishKey.length);
  const close = open < 0 ? -1 : view.indexOf(0x22, open + 1);
  // `null` stands where the quote of another key follows: what lies between is then no known word.
  const raw = close < 0 || close - open > 20 ? "" : view.toString("latin1", open + 1, close);
  const reason = rowOf(finishes, raw);
  return reason === undefined ? {} : { finish: { reason, raw } };
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
function hubTap(view: Buffer, dialect: Dialect, context: Context): Tap {
  let body: unknown;
  try {
    body = JSON.parse(view.toString("utf8"));
  } catch (cause) {
    throw noAnswer(cause);
  }
  if (!isObject(body)) throw noAnswer();
  const { usage, finish } = dialect.response.decode(body, context);
  return { ...(usage && { usage }), finish };
}

function noAnswer(cause?: unknown): GatewayError {
  return GatewayError.noAnswer("The upstream answered with something that is not a chat answer.", cause);
}
