const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` random base62 characters: ids are cut from it (mapping C.1, D.2). */
export function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  let text = "";
  // 256 is not a multiple of 62: the slight bias is of no use to anyone, ids are not secrets.
  for (const byte of bytes) text += alphabet[byte % 62];
  return text;
}
