import { latin1 } from "../core/bytes.ts";

const alphabet = Buffer.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

/** Random characters are drawn by the thousand: the system call costs more than they do, and a slice of a text costs nothing. */
const pool = new Uint8Array(4096);
let drawn = "";
let used = 0;

/** `length` random base62 characters, at most 4,096: ids are cut from it (mapping C.1, D.2). */
export function randomText(length: number): string {
  if (used + length > drawn.length) draw();
  return drawn.slice(used, (used += length));
}

function draw(): void {
  crypto.getRandomValues(pool);
  // 256 is not a multiple of 62: the slight bias is of no use to anyone, ids are not secrets.
  for (let at = 0; at < pool.length; at++) pool[at] = alphabet[(pool[at] ?? 0) % alphabet.length] ?? 0;
  drawn = latin1(pool, 0, pool.length);
  used = 0;
}
