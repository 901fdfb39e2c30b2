import { parseEnv } from "node:util";

/** One assignment of a file of `KEY=value` lines, with where it stands. */
export type Assignment = {
  key: string;
  value: string;
  /** Line of the key, from 1. */
  line: number;
  /** Offsets of the assignment's text, its line break included. */
  start: number;
  end: number;
  /** Offsets of the value as it is written, quotes included; what follows is a comment or the line break. */
  valueStart: number;
  valueEnd: number;
};
export type EnvText = {
  assignments: Assignment[];
  /** Lines that are neither an assignment, a comment nor blank. */
  mistakes: { line: number; why: string }[];
};

/**
 * Reads `KEY=value` text: quotes, `export`, comments, values of several lines, CRLF and a byte order mark; no `$VAR`.
 * The values are Node's own (`util.parseEnv`); what it does not tell, the place of each, is found here.
 */
export function readEnvText(text: string): EnvText {
  const values = parseEnv(text);
  const assignments: Assignment[] = [];
  const mistakes: EnvText["mistakes"] = [];
  let line = 1;
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  while (start < text.length) {
    const key = keyAt(text, start);
    const end = key === undefined ? lineEnd(text, start) : assignmentEnd(text, start);
    const span = text.slice(start, end);
    if (key !== undefined && /^[A-Za-z_][\w.-]*$/.test(key)) {
      const valueStart = valueAt(text, start);
      const value = parseEnv(span)[key] ?? "";
      assignments.push({ key, value, line, start, end, valueStart, valueEnd: valueEnd(text, valueStart, end) });
      if (isUnclosed(span)) mistakes.push({ line, why: `the quote that opens the value of ${key} is never closed` });
    } else if (!/^\s*(?:#|$)/.test(span)) {
      mistakes.push({ line, why: "it is not KEY=value" });
    }
    line += span.split(/\r\n|\n|\r/).length - 1;
    start = end;
  }
  // Node has the last word on every value; of several assignments of a key the last one counts.
  for (const one of assignments) {
    if (assignments.findLast((other) => other.key === one.key) === one) one.value = values[one.key] ?? one.value;
  }
  return { assignments, mistakes };
}

function keyAt(text: string, start: number): string | undefined {
  const line = text.slice(start, lineEnd(text, start));
  const equals = line.indexOf("=");
  if (equals < 0 || /^\s*#/.test(line)) return undefined;
  return line
    .slice(0, equals)
    .trim()
    .replace(/^export\s+/, "");
}

/** The value's first character and where it stands. */
function valueAt(text: string, start: number): number {
  let at = text.indexOf("=", start) + 1;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}

function assignmentEnd(text: string, start: number): number {
  const at = valueAt(text, start);
  const quote = text[at] ?? "";
  const close = isQuote(quote) ? closing(text, at + 1, quote) : -1;
  return lineEnd(text, close < 0 ? at : close);
}

function valueEnd(text: string, at: number, end: number): number {
  const quote = text[at] ?? "";
  const close = isQuote(quote) ? closing(text, at + 1, quote) : -1;
  if (close >= 0) return close + 1;
  const comment = text.slice(at, end).indexOf("#");
  return at + text.slice(at, comment < 0 ? end : at + comment).trimEnd().length;
}

function isUnclosed(span: string): boolean {
  const at = valueAt(span, 0);
  const quote = span[at] ?? "";
  return isQuote(quote) && closing(span, at + 1, quote) < 0;
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'" || character === "`";
}

/** A backslash keeps the character behind it from closing the quote, and both stay in the value. */
function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** Behind the line break: LF, CRLF or a lone CR, as Node counts them. */
function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) return at + 1;
  }
  return text.length;
}
