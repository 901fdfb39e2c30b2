/** Callers of the soak: one that takes its answer, one that leaves in the middle, one that reads slowly. */
import { connect } from "node:net";

export type Answer = { status: number; bytes: Uint8Array; broken: boolean };

type Asked = { url: string; body: string; headers: Record<string, string> };

const json = { "content-type": "application/json" };

/** Takes the answer as fast as it comes. */
export async function takeAll({ url, body, headers }: Asked): Promise<Answer> {
  const response = await fetch(url, { method: "POST", headers: { ...json, ...headers }, body });
  const parts: Uint8Array[] = [];
  let broken = false;
  try {
    for await (const part of response.body ?? []) parts.push(part);
  } catch {
    broken = true;
  }
  return { status: response.status, bytes: Buffer.concat(parts), broken };
}

/** Leaves after the first bytes; what it got is its answer. */
export async function leave({ url, body, headers }: Asked): Promise<Answer> {
  const caller = new AbortController();
  const request = { method: "POST", headers: { ...json, ...headers }, body, signal: caller.signal };
  const response = await fetch(url, request);
  const first = await response.body?.getReader().read();
  caller.abort();
  return { status: response.status, bytes: first?.value ?? new Uint8Array(), broken: false };
}

/** ms that a slow reader thinks about each piece. */
const thoughtMs = 4;

/** Takes one piece, waits, takes the next: on a bare socket, for `fetch` reads ahead of its caller. */
export function readSlowly({ url, body, headers }: Asked): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = Object.entries({ host: "soak", connection: "close", ...json, ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST ${pathname}${search} HTTP/1.1\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
    socket.on("data", (part) => {
      parts.push(typeof part === "string" ? Buffer.from(part) : part);
      socket.pause();
      setTimeout(() => socket.resume(), thoughtMs);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(parseAnswer(Buffer.concat(parts))));
  });
}

function parseAnswer(raw: Buffer): Answer {
  const headEnd = raw.indexOf("\r\n\r\n");
  const head = raw.toString("latin1", 0, Math.max(0, headEnd));
  const status = Number(head.slice(9, 12));
  if (!/transfer-encoding: *chunked/i.test(head)) return { status, bytes: raw.subarray(headEnd + 4), broken: false };
  const parts: Buffer[] = [];
  for (let at = headEnd + 4; ;) {
    const lineEnd = raw.indexOf("\r\n", at);
    const size = lineEnd < 0 ? NaN : Number.parseInt(raw.toString("latin1", at, lineEnd), 16);
    const whole = raw.length >= lineEnd + 2 + size + 2;
    if (Number.isNaN(size) || !whole) return { status, bytes: Buffer.concat(parts), broken: true };
    if (size === 0) return { status, bytes: Buffer.concat(parts), broken: false };
    parts.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
