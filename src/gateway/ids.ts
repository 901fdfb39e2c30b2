const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Random bytes are drawn by the thousand: the system call costs more than the bytes. */
const pool = new Uint8Array(4096);
let used = pool.length;

/** `length` random base62 characters: ids are cut from it (mapping C.1, D.2). */
export function randomText(length: number): string {
  if (used + length > pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  let text = "";
  // 256 is not a multiple of 62: the slight bias is of no use to anyone, ids are not secrets.
  for (const end = used + length; used < end; used++) text += alphabet[(pool[used] ?? 0) % 62];
  return text;
}
