import { holds, latin1 } from "../core/bytes.ts";
import { notJson } from "./not-json.ts";

/** Behind a number or literal, which is checked to the letter. */
export function scalarEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length) {
    const byte = bytes[end]!;
    if (byte <= 0x20 || byte === 0x2c || byte === 0x7d || byte === 0x5d) break;
    end++;
    if (end - start > 512) throw notJson(bytes, start);
  }
  if (isPlainNumber(bytes, start, end) || isLiteral(bytes, start, end)) return end;
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(latin1(bytes, start, end))) throw notJson(bytes, start);
  return end;
}

/** A number without an exponent: nearly all are. */
function isPlainNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  const whole = digitsEnd(bytes, first, end);
  if (whole === first || (bytes[first] === 0x30 && whole > first + 1)) return false;
  if (whole === end) return true;
  return bytes[whole] === 0x2e && whole + 1 < end && digitsEnd(bytes, whole + 1, end) === end;
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  return at;
}

function isLiteral(bytes: Uint8Array, start: number, end: number): boolean {
  switch (end - start) {
    case 4:
      return holds(bytes, start, "true") || holds(bytes, start, "null");
    case 5:
      return holds(bytes, start, "false");
    default:
      return false;
  }
}
