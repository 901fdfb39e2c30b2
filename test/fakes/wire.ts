/**
 * An HTTP/1.1 upstream on a bare socket. It keeps every request as it came and answers with a script of steps, so that a
 * test decides about each byte, each pause and the way the connection ends. An HTTP server would repair too much.
 */
import type { Socket } from "bun";

export type Exchange = {
  method: string;
  /** The request target as it stood on the wire: percent-encoding untouched. */
  target: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** How many requests this connection had served before. */
  reused: number;
  /** Settles when the other side, or we, closed the connection. */
  closed: Promise<void>;
};

export type Step =
  | { send: Uint8Array | string }
  | { waitMs: number }
  /** Goes on when the promise settles: a test opens the gate, no clock does. */
  | { until: Promise<unknown> }
  /** end: FIN after what was sent. reset: at once, hard. stall: nothing more, ever, until the other side leaves. */
  | { then: "end" | "reset" | "stall" };

export type Script = Iterable<Step> | AsyncIterable<Step>;

export type Wire = { url: string; port: number; seen: Exchange[]; connections: () => number; stop(): void };

type Connection = {
  buffer: Buffer;
  served: number;
  busy: boolean;
  gone: boolean;
  closed: Promise<void>;
  markClosed: () => void;
  drained: (() => void) | undefined;
};

/** Starts an upstream on loopback. `answer` is asked once a request is complete. */
export function startWire(answer: (exchange: Exchange) => Script | Promise<Script>): Wire {
  const seen: Exchange[] = [];
  let connections = 0;
  const server = Bun.listen<Connection>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        connections += 1;
        socket.setNoDelay(true);
        const { promise, resolve } = Promise.withResolvers<void>();
        socket.data = {
          buffer: Buffer.alloc(0),
          served: 0,
          busy: false,
          gone: false,
          closed: promise,
          markClosed: resolve,
          drained: undefined,
        };
      },
      data(socket, bytes) {
        socket.data.buffer = Buffer.concat([socket.data.buffer, bytes]);
        void serve(socket);
      },
      drain: (socket) => socket.data.drained?.(),
      end: (socket) => leave(socket),
      error: (socket) => leave(socket),
      close: (socket) => {
        connections -= 1;
        leave(socket);
      },
    },
  });

  async function serve(socket: Socket<Connection>): Promise<void> {
    const data = socket.data;
    if (data.busy) return;
    data.busy = true;
    for (;;) {
      const request = parse(data);
      if (!request) break;
      const exchange = { ...request, reused: data.served, closed: data.closed };
      data.served += 1;
      seen.push(exchange);
      if (!(await play(socket, await answer(exchange)))) return;
    }
    data.busy = false;
  }

  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    seen,
    connections: () => connections,
    stop: () => server.stop(true),
  };
}

function leave(socket: Socket<Connection>): void {
  socket.data.gone = true;
  socket.data.markClosed();
  socket.data.drained?.();
}

/** Plays the steps. False when the connection is over. */
async function play(socket: Socket<Connection>, script: Script): Promise<boolean> {
  for await (const step of script) {
    if (socket.data.gone) return false;
    if ("send" in step) await send(socket, step.send);
    else if ("waitMs" in step) await Bun.sleep(step.waitMs);
    else if ("until" in step) await Promise.race([step.until, socket.data.closed]);
    else {
      if (step.then === "end") socket.end();
      else if (step.then === "reset") socket.terminate();
      else await socket.data.closed;
      return false;
    }
  }
  return !socket.data.gone;
}

async function send(socket: Socket<Connection>, what: Uint8Array | string): Promise<void> {
  let rest = typeof what === "string" ? Buffer.from(what) : what;
  while (rest.length > 0 && !socket.data.gone) {
    const written = socket.write(rest);
    if (written < 0) return;
    rest = rest.subarray(written);
    if (rest.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.data.drained = resolve;
    await promise;
    socket.data.drained = undefined;
  }
}

/** Takes one whole request off the buffer, or nothing while it is not all there. */
function parse(data: Connection): Omit<Exchange, "reused" | "closed"> | undefined {
  const headEnd = data.buffer.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [first = "", ...lines] = data.buffer.toString("latin1", 0, headEnd).split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const start = headEnd + 4;
  const chunked = /chunked/i.test(headers["transfer-encoding"] ?? "");
  const body = chunked
    ? chunkedBody(data.buffer, start)
    : plainBody(data.buffer, start, Number(headers["content-length"] ?? 0));
  if (!body) return undefined;
  data.buffer = data.buffer.subarray(body.end);
  return { method, target, headers, body: body.bytes };
}

type Body = { bytes: Uint8Array; end: number };

function plainBody(buffer: Buffer, start: number, length: number): Body | undefined {
  const end = start + length;
  return buffer.length < end ? undefined : { bytes: new Uint8Array(buffer.subarray(start, end)), end };
}

function chunkedBody(buffer: Buffer, start: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = buffer.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(buffer.toString("latin1", at, lineEnd), 16);
    const from = lineEnd + 2;
    if (buffer.length < from + size + 2) return undefined;
    if (size === 0) return { bytes: new Uint8Array(Buffer.concat(parts)), end: from + 2 };
    parts.push(buffer.subarray(from, from + size));
    at = from + size + 2;
  }
}
