import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/error.ts";
import { Pump, type PumpTimes } from "../../src/gateway/pump.ts";
import type { Transform } from "../../src/gateway/transform.ts";
import { Watch } from "../../src/gateway/watch.ts";

/** So long that none of them rings by itself on a busy machine: a test shortens the one it is about. */
const times: PumpTimes = {
  firstEvent: 20_000,
  idle: 20_000,
  heartbeat: 20_000,
  slowReader: 20_000,
  settle: 20_000,
  deadline: undefined,
};

/** Forwards text; "!" fails, "." completes, "" at the end fails unless completed. */
function plain(): Transform & { failure: GatewayError | undefined; complete: boolean; settled: boolean } {
  return {
    tap: {},
    failure: undefined,
    complete: false,
    settled: false,
    push(bytes) {
      const text = new TextDecoder().decode(bytes);
      if (text.includes("!")) this.failure = GatewayError.noAnswer("bad");
      if (text.includes(".")) this.complete = true;
      return text.replace(/[!~]/g, "");
    },
    end() {
      if (!this.complete) this.failure = GatewayError.truncated();
      return "";
    },
    fail: (error) => `<${error.code}>`,
  };
}

function pumpOver(
  start: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  given: Partial<PumpTimes> = {},
  onCancel: () => void = () => undefined,
) {
  const closed: Pump[] = [];
  const body = new ReadableStream<Uint8Array>({ start, cancel: onCancel }, { highWaterMark: 0 });
  const pump = new Pump({
    body,
    transform: plain(),
    watch: new Watch(5),
    times: { ...times, ...given },
    heartbeat: ":",
    onClose: (one) => void closed.push(one),
  });
  return { pump, closed };
}
const bytes = (text: string) => new TextEncoder().encode(text);
async function read(pump: Pump): Promise<string> {
  let text = "";
  for (;;) {
    const chunk = await pump.next();
    if (chunk === undefined) return text;
    text += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
  }
}

describe("Pump (design.md section 4)", () => {
  test("gives everything and closes once", async () => {
    const { pump, closed } = pumpOver((c) => (c.enqueue(bytes("a")), c.enqueue(bytes("b.")), c.close()));
    await pump.start();
    expect(await read(pump)).toBe("ab.");
    expect(closed).toHaveLength(1);
    expect(pump.failure).toBeUndefined();
  });

  test("a failure before the first byte is thrown", async () => {
    const { pump } = pumpOver((c) => c.enqueue(bytes("!")));
    await expect(pump.start()).rejects.toThrow("bad");
  });

  test("T-46: an end without an end is one error event", async () => {
    const { pump } = pumpOver((c) => (c.enqueue(bytes("a")), c.close()));
    await pump.start();
    expect(await read(pump)).toBe("a<upstream_stream_truncated>");
  });

  test("what was good before a failure in the same chunk is given first", async () => {
    const { pump } = pumpOver((c) => (c.enqueue(bytes("a")), c.enqueue(bytes("b!"))));
    await pump.start();
    expect(await read(pump)).toBe("ab<upstream_error>");
  });

  test("a broken connection is an error event", async () => {
    const { pump } = pumpOver((c) => (c.enqueue(bytes("a")), setTimeout(() => c.error(new Error("reset")), 5)));
    await pump.start();
    expect(await read(pump)).toBe("a<upstream_stream_truncated>");
  });

  test("silence before the first event is a timeout that can still be a status", async () => {
    const cancelled = Promise.withResolvers<void>();
    const { pump } = pumpOver(() => undefined, { firstEvent: 50 }, cancelled.resolve);
    await expect(pump.start()).rejects.toMatchObject({ kind: "timeout", status: 504 });
    await cancelled.promise;
  });

  test("T-52: silence is filled with heartbeats, then the idle limit ends it", async () => {
    const { pump } = pumpOver((c) => c.enqueue(bytes("a")), { idle: 1000, heartbeat: 20 });
    await pump.start();
    expect(await read(pump)).toMatch(/^a:{2,50}<upstream_idle_timeout>$/);
  });

  test("the deadline holds for streams that keep talking", async () => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const { pump } = pumpOver(
      (c) => {
        timer = setInterval(() => c.enqueue(bytes("x")), 3);
      },
      { deadline: performance.now() + 200 },
      () => clearInterval(timer),
    );
    await pump.start();
    expect(await read(pump)).toMatch(/^x+<timeout>$/);
  });

  test("T-54: cancel lets the upstream go at once", async () => {
    let cancelled = false;
    const { pump, closed } = pumpOver(
      (c) => c.enqueue(bytes("a")),
      {},
      () => void (cancelled = true),
    );
    await pump.start();
    pump.cancel();
    expect(cancelled).toBe(true);
    expect(closed).toHaveLength(1);
    expect(await read(pump)).toBe("a");
  });

  test("a caller that takes nothing slows the upstream down, and is dropped after its time", async () => {
    let pulled = 0;
    const cancelled = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>(
      { pull: (c) => (pulled++, c.enqueue(bytes("x"))), cancel: () => cancelled.resolve() },
      { highWaterMark: 0 },
    );
    const pump = new Pump({
      body,
      transform: plain(),
      watch: new Watch(5),
      times: { ...times, slowReader: 150 },
      heartbeat: ":",
      onClose: () => undefined,
    });
    await pump.start();
    await cancelled.promise;
    expect(pulled).toBeLessThanOrEqual(2);
    expect(pump.failure?.code).toBe("slow_reader");
  });

  test("an answer with its end is not kept waiting for what may follow", async () => {
    const transform = plain();
    const body = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(bytes("a~")) });
    const pump = new Pump({
      body,
      transform: {
        ...transform,
        push: (b) => ((transform.settled = true), new TextDecoder().decode(b)),
        end: () => "E",
        get settled() {
          return transform.settled;
        },
      },
      watch: new Watch(5),
      times: { ...times, settle: 20 },
      heartbeat: ":",
      onClose: () => undefined,
    });
    await pump.start();
    expect(await read(pump)).toBe("a~E");
  });
});
