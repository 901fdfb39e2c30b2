import { GatewayError } from "../core/error.ts";
import { isObject, type JsonObject } from "../core/json.ts";
import { peek, type Peek, type Span } from "./peek.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** A request body: the bytes as they came, and the parsed form made at most once, when somebody asks. */
export class Body {
  readonly peeked: Peek;
  #parsed: JsonObject | undefined;

  /** Throws 400 where the bytes are not one JSON object within `maxDepth` levels. */
  constructor(bytes: Uint8Array, maxDepth: number) {
    this.peeked = peek(bytes, maxDepth);
  }

  get bytes(): Uint8Array {
    return this.peeked.bytes;
  }

  /** The whole body parsed. Throws 400 on invalid UTF-8 or JSON. */
  get json(): JsonObject {
    this.#parsed ??= parse(this.peeked.bytes);
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
    return span && parseText(this.peeked.bytes.subarray(span.valueStart, span.end));
  }

  keys(): string[] {
    return this.peeked.odd ? Object.keys(this.json) : this.peeked.spans.map((span) => span.key);
  }

  private span(key: string): Span | undefined {
    return this.peeked.spans.find((span) => span.key === key);
  }

  /**
   * The body without some top-level keys and with others set, the rest byte for byte.
   * Goes through a full parse only where a top-level key is odd.
   */
  edited(drop: ReadonlySet<string>, put: JsonObject = {}): Uint8Array {
    const { bytes, spans, odd } = this.peeked;
    if (odd) {
      const kept = Object.entries(this.json).filter(([key]) => !drop.has(key) && !Object.hasOwn(put, key));
      return encode(JSON.stringify({ ...Object.fromEntries(kept), ...put }));
    }
    const gone = spans.some((span) => drop.has(span.key) || Object.hasOwn(put, span.key));
    if (!gone && Object.keys(put).length === 0) return bytes;
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
}

const encoder = new TextEncoder();
function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}

function parseText(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new GatewayError({
      kind: "invalid_request",
      message: "We could not parse the JSON body of your request.",
      cause,
    });
  }
}

function parse(bytes: Uint8Array): JsonObject {
  const value = parseText(bytes);
  if (!isObject(value))
    throw new GatewayError({ kind: "invalid_request", message: "We could not parse the JSON body of your request." });
  return value;
}
