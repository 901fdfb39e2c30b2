/**
 * The bench's upstream, a process of its own: bare sockets, answers encoded beforehand, every chunk of a stream written by
 * itself. It reads of a request only its head and the model's name.
 */
import type { Socket } from "bun";
import { type Scripted, scriptFor } from "./answers.ts";

type State = { head: string; received: number; expected: number; answer: Scripted | undefined };

const fresh = (): State => ({ head: "", received: 0, expected: 0, answer: undefined });

const scripts = new Map<string, Scripted>();

const server = Bun.listen<State>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.setNoDelay(true);
      socket.data = fresh();
    },
    data: receive,
    drain: (socket) => waiting.get(socket)?.(),
    close(socket) {
      waiting.get(socket)?.();
      waiting.delete(socket);
    },
    error() {},
  },
});

console.error(`http://127.0.0.1:${server.port}`);

const waiting = new Map<Socket<State>, () => void>();

function receive(socket: Socket<State>, bytes: Buffer): void {
  const state = socket.data;
  state.received += bytes.length;
  if (!state.answer) {
    // The head and the first bytes of a body name its model; the rest is only counted.
    state.head += bytes.toString("latin1", 0, 3000);
    const end = state.head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(state.head)?.[1] ?? 0);
    if (state.head.length < end + 4 + Math.min(length, 60)) return;
    state.answer = choose(state.head);
    state.expected = end + 4 + length;
  }
  if (state.received < state.expected) return;
  const { answer } = state;
  socket.data = fresh();
  void say(socket, answer);
}

function choose(head: string): Scripted {
  const openai = head.startsWith("POST /v1/chat");
  const found = openai ? /"model":\s*"gpt-4o-([a-z]+\d*)"/.exec(head) : /\/model\/[^/]*bench-([a-z]+\d*)/.exec(head);
  const key = `${openai} ${found?.[1] ?? "json"}`;
  let script = scripts.get(key);
  if (!script) scripts.set(key, (script = scriptFor(openai, found?.[1] ?? "json")));
  return script;
}

async function say(socket: Socket<State>, { writes, paceMs }: Scripted): Promise<void> {
  for (const [n, bytes] of writes.entries()) {
    if (paceMs > 0 && n > 0) await Bun.sleep(paceMs);
    let written = socket.write(bytes);
    while (written >= 0 && written < bytes.length) {
      await new Promise<void>((resolve) => waiting.set(socket, resolve));
      if (!waiting.has(socket)) return;
      written += Math.max(0, socket.write(bytes.subarray(written)));
    }
    if (written < 0) return;
    if (paceMs === 0 && n % chunksPerTurn === chunksPerTurn - 1) await turn();
  }
}

/** Chunks are separate writes; every few of them other connections get their turn. */
const chunksPerTurn = 1;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
