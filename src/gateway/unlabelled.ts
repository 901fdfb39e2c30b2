import type { Reply } from "../providers/provider.ts";
import { brokenOff } from "./read-all.ts";

/** What an event stream begins with. No JSON text begins so. */
const starts = ["data:", "event:", ":"];
const longest = 6;
/** Bytes that stand before the first word: white space and a byte order mark. */
const blank: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * A reply whose head does not say that it is an event stream, judged by its first bytes: servers call one
 * `application/json` or nothing (recorded: OpenAI in 2023). No byte is lost. Throws `upstream_connection_error` when the
 * body breaks off before it can be judged.
 */
export async function byFirstBytes(reply: Reply): Promise<Reply> {
  const { status, headers, body } = reply;
  if (!body) return reply;
  const reader = body.getReader();
  const held: Uint8Array[] = [];
  let word = "";
  let ended = false;
  while (!ended && open(word)) {
    const { done, value } = await reader.read().catch((cause: unknown) => Promise.reject(brokenOff(cause)));
    ended = done;
    if (!value) continue;
    held.push(value);
    for (let i = 0; i < value.length && word.length < longest; i++) {
      const byte = value[i] ?? 0;
      if (word !== "" || !blank.has(byte)) word += String.fromCharCode(byte);
    }
  }
  const isSse = starts.some((start) => word.startsWith(start));
  return { status, headers, framing: isSse ? "sse" : reply.framing, body: joined(held, reader) };
}

/** More bytes could still make an event stream of it. */
function open(word: string): boolean {
  return starts.some((start) => start !== word && start.startsWith(word));
}

function joined(
  held: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of held) controller.enqueue(piece);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
