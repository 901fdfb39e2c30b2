/**
 * The bench's callers, a process of its own: bare keep-alive sockets that read just enough to check every answer. It takes
 * one Load at a time from its parent and gives back one Measured.
 */
import type { Socket } from "bun";

export type Load = {
  port: number;
  /** The whole HTTP request is made of these. */
  path: string;
  key: string;
  /** Further headers of every request. */
  headers?: Record<string, string>;
  body: string;
  connections: number;
  requests: number;
  /** ms between the starts of two connections. */
  rampMs: number;
  /** What an answer must hold, how often. */
  marker: string;
  count: number;
  stream: boolean;
  /** ms between two chunks upstream; stalls are counted beyond it. */
  paceMs: number;
};

export type Measured = {
  requests: number;
  seconds: number;
  wrong: number;
  firstWrong: string;
  /** ms, sorted. */
  latency: number[];
  firstByte: number[];
  /** ms beyond the pace, the worst of any stream. */
  worstStall: number;
};

type Caller = {
  sentAt: number;
  firstAt: number;
  lastAt: number;
  head: boolean;
  status: string;
  chunked: boolean;
  /** Bytes missing of the body, or of the current chunk. */
  missing: number;
  raw: Buffer;
  tail: string;
  seen: number;
};

const decoder = new TextDecoder("latin1");

async function run(load: Load): Promise<Measured> {
  const more = Object.entries(load.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(
    `POST ${load.path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${load.key}\r\ncontent-type: application/json\r\n${more.join("")}content-length: ${Buffer.byteLength(load.body)}\r\n\r\n${load.body}`,
  );
  const out: Measured = {
    requests: 0,
    seconds: 0,
    wrong: 0,
    firstWrong: "",
    latency: [],
    firstByte: [],
    worstStall: 0,
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  let started = 0;
  let done = 0;
  const unsent = new Map<Socket<Caller>, Buffer>();

  const write = (socket: Socket<Caller>, bytes: Buffer): void => {
    const written = Math.max(0, socket.write(bytes));
    if (written < bytes.length) unsent.set(socket, bytes.subarray(written));
    else unsent.delete(socket);
  };
  const next = (socket: Socket<Caller>): void => {
    if (started >= load.requests) return void socket.end();
    started += 1;
    Object.assign(socket.data, fresh(), { sentAt: performance.now() });
    write(socket, request);
  };
  const wrong = (why: string): void => {
    out.wrong += 1;
    out.firstWrong ||= why;
  };
  const complete = (socket: Socket<Caller>): void => {
    const data = socket.data;
    out.latency.push(performance.now() - data.sentAt);
    out.firstByte.push(data.firstAt - data.sentAt);
    if (data.status !== "200") wrong(`status ${data.status}: ${data.tail}`);
    else if (data.seen !== load.count) wrong(`${load.marker} ${data.seen} times, not ${load.count}: ${data.tail}`);
    else if (load.stream && !data.tail.includes("data: [DONE]")) wrong(`no [DONE]: ${data.tail}`);
    done += 1;
    if (done >= load.requests) resolve();
    else next(socket);
  };
  const content = (data: Caller, bytes: Buffer): void => {
    const text = data.tail.slice(-load.marker.length + 1) + decoder.decode(bytes);
    for (let at = text.indexOf(load.marker); at >= 0; at = text.indexOf(load.marker, at + 1)) data.seen += 1;
    data.tail = text.slice(-60);
  };

  const handlers = {
    data(socket: Socket<Caller>, bytes: Buffer): void {
      const data = socket.data;
      const now = performance.now();
      if (data.firstAt === 0) data.firstAt = now;
      else if (load.paceMs > 0) out.worstStall = Math.max(out.worstStall, now - data.lastAt - load.paceMs);
      data.lastAt = now;
      let rest = data.raw.length > 0 ? Buffer.concat([data.raw, bytes]) : bytes;
      data.raw = empty;
      if (data.head) {
        const end = rest.indexOf("\r\n\r\n");
        if (end < 0) return void (data.raw = Buffer.from(rest));
        const head = rest.toString("latin1", 0, end);
        data.head = false;
        data.status = head.slice(9, 12);
        data.chunked = /transfer-encoding: *chunked/i.test(head);
        data.missing = data.chunked ? 0 : Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
        rest = rest.subarray(end + 4);
      }
      if (!data.chunked) {
        content(data, rest);
        data.missing -= rest.length;
        if (data.missing <= 0) complete(socket);
        return;
      }
      while (rest.length > 0) {
        if (data.missing > 0) {
          const part = rest.subarray(0, data.missing);
          content(data, part);
          data.missing -= part.length;
          rest = rest.subarray(part.length);
          continue;
        }
        const line = rest.indexOf("\r\n", rest[0] === 13 ? 2 : 0);
        if (line < 0) return void (data.raw = Buffer.from(rest));
        const size = Number.parseInt(rest.toString("latin1", rest[0] === 13 ? 2 : 0, line), 16);
        if (size === 0) {
          if (rest.length < line + 4) return void (data.raw = Buffer.from(rest));
          return complete(socket);
        }
        data.missing = size;
        rest = rest.subarray(line + 2);
      }
    },
    drain(socket: Socket<Caller>): void {
      const bytes = unsent.get(socket);
      if (bytes) write(socket, bytes);
    },
    close(socket: Socket<Caller>): void {
      if (socket.data.sentAt === 0 || done === load.requests || started >= load.requests + load.connections) return;
      if (socket.data.firstAt > 0 && !socket.data.head && socket.data.seen === load.count) return;
      wrong("connection closed");
      done += 1;
      if (done >= load.requests) resolve();
    },
    error(): void {},
  };

  const startedAt = performance.now();
  for (let n = 0; n < load.connections; n += 1) {
    if (load.rampMs > 0 && n > 0) await Bun.sleep(load.rampMs);
    void Bun.connect<Caller>({
      hostname: "127.0.0.1",
      port: load.port,
      data: fresh(),
      socket: { ...handlers, open: begin },
    }).catch((error) => {
      wrong(String(error));
      done += 1;
      if (done >= load.requests) resolve();
    });
  }
  function begin(socket: Socket<Caller>): void {
    socket.setNoDelay(true);
    next(socket);
  }
  await promise;
  out.requests = done;
  out.seconds = (performance.now() - startedAt) / 1000;
  out.latency.sort((a, b) => a - b);
  out.firstByte.sort((a, b) => a - b);
  return out;
}

const empty = Buffer.alloc(0);

function fresh(): Caller {
  return {
    sentAt: 0,
    firstAt: 0,
    lastAt: 0,
    head: true,
    status: "",
    chunked: false,
    missing: 0,
    raw: empty,
    tail: "",
    seen: 0,
  };
}

process.on("message", (load: Load) => {
  void run(load).then((measured) => process.send?.(measured));
});
