/** What an answer says, read off its wire format without the project's own code. */

export type Call = { id: string; name: string; input: unknown };

/** `input` excludes cache reads and writes. */
export type Usage = { input: number; output: number; cacheRead: number; cacheWrite: number; reasoning: number };

export type Reading = {
  text: string;
  reasoning: string;
  /** Signatures of reasoning blocks, in order. */
  signatures: string[];
  /** Encrypted reasoning, base64. */
  redacted: string[];
  refusal: string;
  calls: Call[];
  citations: number;
  /** The format's own word, or null where none came. */
  finish: string | null;
  /** A guardrail stepped in, said beside `finish` (Claude's and Titan's own formats). */
  guarded: boolean;
  usage: Usage | undefined;
  /** A stream said its normal end; a whole answer always has. */
  ended: boolean;
  error: ReadError | undefined;
  /** Breaches of the format itself. */
  faults: string[];
};

export type ReadError = {
  type: string | undefined;
  code: string | undefined;
  message: string;
  param: string | undefined;
};

export function emptyReading(): Reading {
  return {
    text: "",
    reasoning: "",
    signatures: [],
    redacted: [],
    refusal: "",
    calls: [],
    citations: 0,
    finish: null,
    guarded: false,
    usage: undefined,
    ended: false,
    error: undefined,
    faults: [],
  };
}

/** Tool arguments: nothing is `{}`, what is no JSON stays visible as what it is. */
export function parsedInput(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return { unparsable: text };
  }
}

/** The text of arguments that were no JSON. */
export function unparsable(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null || !("unparsable" in input)) return undefined;
  return typeof input.unparsable === "string" ? input.unparsable : undefined;
}
