const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8");

/** Bytes as text: undefined for what is no text; `damaged` where bytes that are not UTF-8 became U+FFFD. */
export function textOfBytes(bytes: Uint8Array): { text: string; damaged: boolean } | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return { text: strict.decode(bytes), damaged: false };
  } catch {
    const text = lenient.decode(bytes);
    const wrong = text.length - text.replaceAll("\ufffd", "").length;
    // A few strange letters are Latin-1 text; many are no text at all.
    return wrong * 4 > text.length ? undefined : { text, damaged: true };
  }
}
