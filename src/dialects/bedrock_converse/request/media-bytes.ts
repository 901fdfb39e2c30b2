/** Bytes of a base64 text, and the text in the form Bedrock takes. */
export type Decoded = { bytes: Uint8Array; base64: string };

/**
 * Reads base64 or base64url, white space ignored (mapping B.7). Undefined when it is neither.
 * The text goes on untouched when it is plain base64 already: large images are not encoded twice.
 */
export function readBase64(text: string): Decoded | undefined {
  const bytes = tryAlphabet(text, "base64") ?? tryAlphabet(text, "base64url");
  if (!bytes || bytes.length === 0) return undefined;
  const plain = text.length === Math.ceil(bytes.length / 3) * 4 && !/[-_\s]/.test(text);
  return { bytes, base64: plain ? text : bytes.toBase64() };
}

function tryAlphabet(text: string, alphabet: "base64" | "base64url"): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text, { alphabet });
  } catch {
    return undefined;
  }
}
