import { GatewayError } from "../core/error.ts";
import { holds, latin1 } from "../core/bytes.ts";
import { noObject, notJson } from "./not-json.ts";
import { scalarEnd } from "./scalar.ts";

/** A top-level entry of the body: `start` at the key's quote, `end` behind the value. Byte offsets. */
export type Span = { key: string; start: number; valueStart: number; end: number };

/** What one walk over the bytes tells without building the body (design.md section 3: verbatim edges are not parsed). */
export type Peek = {
  bytes: Uint8Array<ArrayBuffer>;
  spans: Span[];
  /** Something that only a full parse can judge was seen: an escaped or repeated top-level key. */
  odd: boolean;
  /** A string that may be evidence of the Claude format below the top level (mapping I.4). */
  claudeHint: boolean;
  /** A key below the top level that is ours: of our own answers (mapping G.2 rule 2), or `guard_content` (B.11). */
  ownKeyHint: boolean;
  /** A number or literal of 16 characters or more: it may be a whole number that a double does not hold. */
  longNumber: boolean;
  /** A string "url" below the top level: Claude bodies may hold a media URL that has to be fetched (mapping F.2). */
  urlHint: boolean;
};

const quote = 0x22;
const backslash = 0x5c;

/**
 * Walks a JSON body once: checks its grammar and depth, and notes the top-level entries.
 * Throws 400 where it is not one JSON object or nests deeper than `maxDepth` levels.
 */
export function peek(bytes: Uint8Array<ArrayBuffer>, maxDepth: number): Peek {
  const found: Peek = {
    bytes,
    spans: [],
    odd: false,
    claudeHint: false,
    ownKeyHint: false,
    longNumber: false,
    urlHint: false,
  };
  const length = bytes.length;
  let at = 0;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
  at = blank(bytes, at);
  if (at >= length) throw notJson(bytes, length);
  if (bytes[at] !== 0x7b) throw noObject(bytes, at);

  // Per open container: 1 = object, 0 = array. `expect` says what may come next.
  const stack: number[] = [];
  let expect: 0 | 1 | 2 | 3 | 4 | 5 | 6 = 0; // 0 value, 1 key or }, 2 key, 3 colon, 4 comma or end, 5 value or ], 6 end of text
  let span: Span | undefined;
  while (at < length) {
    const byte = bytes[at]!;
    if (byte <= 0x20) {
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) throw notJson(bytes, at);
      at++;
      continue;
    }
    switch (byte) {
      case quote: {
        const end = stringEnd(bytes, at);
        if (expect === 1 || expect === 2) {
          if (stack.length === 1) {
            const key = topKey(bytes, at + 1, end - 1, found);
            span = { key, start: at, valueStart: 0, end: 0 };
            found.spans.push(span);
          } else hint(bytes, at + 1, end - 1 - (at + 1), found);
          expect = 3;
        } else if (expect === 0 || expect === 5) {
          if (stack.length > 1) hint(bytes, at + 1, end - 1 - (at + 1), found);
          else if (span && span.valueStart === 0) span.valueStart = at;
          expect = 4;
        } else throw notJson(bytes, at);
        at = end;
        if (stack.length === 1 && expect === 4 && span) span.end = at;
        continue;
      }
      case 0x7b: // {
      case 0x5b: // [
        if (expect !== 0 && expect !== 5) throw notJson(bytes, at);
        if (stack.length === 1 && span && span.valueStart === 0) span.valueStart = at;
        stack.push(byte === 0x7b ? 1 : 0);
        if (stack.length > maxDepth) throw tooDeep(maxDepth);
        expect = byte === 0x7b ? 1 : 5;
        at++;
        continue;
      case 0x7d: // }
      case 0x5d: {
        // ]
        const open = stack.pop();
        if (open !== (byte === 0x7d ? 1 : 0)) throw notJson(bytes, at);
        if (expect !== 4 && expect !== (open === 1 ? 1 : 5)) throw notJson(bytes, at);
        expect = stack.length === 0 ? 6 : 4;
        at++;
        if (stack.length === 1 && span) span.end = at;
        continue;
      }
      case 0x3a: // :
        if (expect !== 3) throw notJson(bytes, at);
        expect = 0;
        at++;
        continue;
      case 0x2c: // ,
        if (expect !== 4) throw notJson(bytes, at);
        expect = stack[stack.length - 1] === 1 ? 2 : 0;
        at++;
        continue;
      default: {
        if (expect !== 0 && expect !== 5) throw notJson(bytes, at);
        const end = scalarEnd(bytes, at);
        if (end - at >= 16) found.longNumber = true;
        if (stack.length === 1 && span) {
          span.valueStart = at;
          span.end = end;
        }
        expect = 4;
        at = end;
      }
    }
  }
  if (expect !== 6) throw notJson(bytes, at);
  return found;
}

function blank(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09))
    at++;
  return at;
}

/** Behind the closing quote. Long strings (base64) are crossed by native searches, not byte by byte. */
function stringEnd(bytes: Uint8Array, start: number): number {
  const near = Math.min(start + 33, bytes.length);
  let at = start + 1;
  for (; at < near; at++) {
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (byte === backslash) at++;
    else if (byte < 0x20) throw notJson(bytes, at);
  }
  for (;;) {
    const end = bytes.indexOf(quote, at);
    if (end < 0) throw notJson(bytes, bytes.length);
    let slashes = 0;
    while (bytes[end - 1 - slashes] === backslash) slashes++;
    // An escape that began in the near part ends before `at`: a backslash found there is already spent.
    if (end - slashes < at) slashes = end - at;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

function topKey(bytes: Uint8Array, start: number, end: number, found: Peek): string {
  const key = usualKey(bytes, start, end) ?? otherKey(bytes, start, end, found);
  if (isRepeated(key, found)) found.odd = true;
  return key;
}

/** Keys that most bodies have: telling them by their bytes makes no text of them (measured: a third of the walk). */
const usualKeys = [
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "tools",
  "tool_choice",
  "user",
  "stop",
  "reasoning_effort",
  "response_format",
  "anthropic_version",
  "system",
  "inputText",
  "textGenerationConfig",
];

function usualKey(bytes: Uint8Array, start: number, end: number): string | undefined {
  for (const key of usualKeys) {
    if (key.length === end - start && holds(bytes, start, key)) return key;
  }
  return undefined;
}

function otherKey(bytes: Uint8Array, start: number, end: number, found: Peek): string {
  let key = latin1(bytes, start, end);
  if (/[\x80-\xff]/.test(key)) key = utf8.decode(bytes.subarray(start, end));
  // Bytes that are no UTF-8 are refused by the full parse.
  if (key.includes("\\") || key.includes("\ufffd")) found.odd = true;
  return key;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Up to this many keys are compared one by one, which costs less than a set. */
const few = 32;
/** The keys of bodies that have more: half a million of them must not take the square of that. */
const seen = new WeakMap<Peek, Set<string>>();

function isRepeated(key: string, found: Peek): boolean {
  const { spans } = found;
  if (spans.length < few) {
    for (const span of spans) if (span.key === key) return true;
    return false;
  }
  let keys = seen.get(found);
  if (keys === undefined) seen.set(found, (keys = new Set(spans.map((span) => span.key))));
  if (keys.has(key)) return true;
  keys.add(key);
  return false;
}

/** Words below the top level that decide something. Judged by length and first letter: this runs for every string. */
function hint(bytes: Uint8Array, start: number, length: number, found: Peek): void {
  switch (length) {
    case 3:
      if (bytes[start] === 0x75 && holds(bytes, start, "url")) found.urlHint = true;
      return;
    case 6:
      if (bytes[start] === 0x73 && holds(bytes, start, "source")) found.claudeHint = true;
      else if (bytes[start] === 0x69 && holds(bytes, start, "images")) found.ownKeyHint = true;
      return;
    case 8:
      if (bytes[start] === 0x74 && (holds(bytes, start, "tool_use") || holds(bytes, start, "thinking")))
        found.claudeHint = true;
      return;
    case 9:
      if (bytes[start] === 0x63 && holds(bytes, start, "citations")) found.ownKeyHint = true;
      return;
    case 11:
      if (bytes[start] === 0x74 && holds(bytes, start, "tool_result")) found.claudeHint = true;
      return;
    case 12:
      if (bytes[start] === 0x69 && holds(bytes, start, "input_schema")) found.claudeHint = true;
      return;
    case 13:
      if (bytes[start] === 0x67 && holds(bytes, start, "guard_content")) found.ownKeyHint = true;
      return;
    case 15:
      if (bytes[start] === 0x74 && holds(bytes, start, "thinking_blocks")) found.ownKeyHint = true;
      return;
    case 17:
      if (bytes[start] === 0x72 && holds(bytes, start, "reasoning_content")) found.ownKeyHint = true;
      return;
    default:
  }
}

function tooDeep(maxDepth: number): GatewayError {
  return new GatewayError({
    kind: "invalid_request",
    code: "json_too_deep",
    message: `The JSON body nests deeper than ${maxDepth} levels. Flatten it and send it again.`,
  });
}
