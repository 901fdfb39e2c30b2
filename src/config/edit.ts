import { parseEnv } from "node:util";
import { readEnvText, type Assignment } from "./env-text.ts";

/**
 * A value as it is written behind `KEY=`: the first form that reads back the same. Undefined when there is none: a
 * carriage return, a NUL, or all three quotes together with what only quotes can hold.
 */
export function encodeValue(value: string): string | undefined {
  if (/[\r\0]/.test(value)) return undefined;
  const forms = [`'${value}'`, `"${value}"`, `\`${value}\``, value];
  if (/^[\w.:/@+,%-][\w.:/@+,%=-]*$/.test(value)) forms.unshift(value);
  // A line behind it shows whether the value ends where it should.
  return forms.find((form) => {
    const read = parseEnv(`A=${form}\nB=1\n`);
    return read["A"] === value && read["B"] === "1";
  });
}

/** The text with one value set: in its place, with its comment, or at the end. Undefined when it cannot be written. */
export function withValue(text: string, key: string, value: string): string | undefined {
  const form = encodeValue(value);
  if (form === undefined) return undefined;
  const own = readEnvText(text).assignments.filter((one) => one.key === key);
  const last = own.at(-1);
  let edited: string;
  if (last === undefined) {
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    const gap = text === "" || text === "\uFEFF" || text.endsWith("\n") ? "" : eol;
    edited = `${text}${gap}${key}=${form}${eol}`;
  } else {
    edited = text.slice(0, last.valueStart) + form + text.slice(last.valueEnd);
    edited = without(edited, own.slice(0, -1));
  }
  return sameButFor(text, edited, key, value) ? edited : undefined;
}

/** The text without a setting. */
export function withoutKey(text: string, key: string): string {
  return without(
    text,
    readEnvText(text).assignments.filter((one) => one.key === key),
  );
}

function without(text: string, gone: readonly Assignment[]): string {
  let kept = text;
  for (const { start, end } of gone.toReversed()) kept = kept.slice(0, start) + kept.slice(end);
  return kept;
}

/** The proof that an edit changed one value and no other. */
function sameButFor(before: string, after: string, key: string, value: string): boolean {
  const old = parseEnv(before);
  const now = parseEnv(after);
  if (now[key] !== value) return false;
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  names.delete(key);
  return [...names].every((name) => old[name] === now[name]);
}
