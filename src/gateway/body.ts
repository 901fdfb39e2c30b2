import { isObject, type JsonObject, parseExact } from "../core/json.ts";
import { latin1 } from "../core/bytes.ts";
import { notJson } from "./not-json.ts";
import { peek, type Peek, type Span } from "./peek.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A request body: the bytes as they came, and the parsed form made at most once, when somebody asks. */
export class Body {
  readonly peeked: Peek;
  #parsed: JsonObject | undefined;

  /** Throws 400 where the bytes are not one JSON object within `maxDepth` levels. */
  constructor(bytes: Uint8Array<ArrayBuffer>, maxDepth: number) {
    this.peeked = peek(bytes, maxDepth);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.peeked.bytes;
  }

  /** The whole body parsed. Throws 400 on invalid UTF-8 or JSON. */
  get json(): JsonObject {
    this.#parsed ??= this.#parse();
    return this.#parsed;
  }

  get isParsed(): boolean {
    return this.#parsed !== undefined;
  }

  has(key: string): boolean {
    return this.peeked.odd ? Object.hasOwn(this.json, key) : this.span(key) !== undefined;
  }

  /** A top-level value, parsed alone. */
  value(key: string): unknown {
    if (this.#parsed || this.peeked.odd) return Object.hasOwn(this.json, key) ? this.json[key] : undefined;
    const span = this.span(key);
    if (span === undefined) return undefined;
    const { bytes } = this.peeked;
    return plain(bytes, span.valueStart, span.end) ?? this.#value(bytes.subarray(span.valueStart, span.end));
  }

  keys(): string[] {
    return this.peeked.odd ? Object.keys(this.json) : this.peeked.spans.map((span) => span.key);
  }

  private span(key: string): Span | undefined {
    for (const span of this.peeked.spans) if (span.key === key) return span;
    return undefined;
  }

  /**
   * The body without some top-level keys and with others set, the rest byte for byte: a number beyond what a parser holds
   * stays the number it is.
   */
  edited(drop: ReadonlySet<string>, put: JsonObject = {}): Uint8Array<ArrayBuffer> {
    const { bytes, odd } = this.peeked;
    const spans = odd ? this.#plainSpans() : this.peeked.spans;
    const adds = Object.keys(put).length > 0;
    if (!odd && !adds && (drop.size === 0 || !spans.some((span) => drop.has(span.key)))) return bytes;
    const pieces: Uint8Array[] = [];
    let separator = "{";
    for (const span of spans) {
      if (drop.has(span.key) || Object.hasOwn(put, span.key)) continue;
      pieces.push(encode(separator), bytes.subarray(span.start, span.end));
      separator = ",";
    }
    const added = JSON.stringify(put).slice(1, -1);
    if (added) pieces.push(encode(separator + added));
    pieces.push(encode(added || separator === "," ? "}" : "{}"));
    return concat(pieces);
  }

  /** The entries under the names that a parser gives them, of repeated ones the last. Throws 400 on invalid UTF-8. */
  #plainSpans(): Span[] {
    this.#parsed ??= this.#parse();
    const last = new Map<string, Span>();
    const { bytes, spans } = this.peeked;
    for (const span of spans) {
      const key = String(this.#value(bytes.subarray(span.start, keyEnd(bytes, span.start))));
      last.set(key, { ...span, key });
    }
    return [...last.values()];
  }

  #parse(): JsonObject {
    const value = this.#value(this.peeked.bytes);
    if (!isObject(value)) throw notJson(this.peeked.bytes);
    return value;
  }

  #value(bytes: Uint8Array): unknown {
    try {
      const text = decoder.decode(bytes);
      return this.peeked.longNumber ? parseExact(text) : JSON.parse(text);
    } catch {
      throw notJson(bytes);
    }
  }
}

/** Behind the closing quote of the key whose opening one stands at `start`. */
function keyEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at + 1;
}

/** A short text of ASCII without escapes, or a boolean, read without a parser; undefined for everything else. */
function plain(bytes: Uint8Array, start: number, end: number): string | boolean | undefined {
  if (bytes[start] === 0x74) return true;
  if (bytes[start] === 0x66) return false;
  if (bytes[start] !== 0x22 || end - start > 256) return undefined;
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return undefined;
  }
  return latin1(bytes, start + 1, end - 1);
}

const encoder = new TextEncoder();
function encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
