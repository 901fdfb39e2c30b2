import { describe, expect, test } from "bun:test";
import { Supervisor, type ToWorker, type WorkerEvents } from "../../src/server/supervisor.ts";

/** A supervisor whose processes, clock and timers are in the test's hand. */
function stage(workers: number, port = 0, sharesPort = true) {
  const started: { index: number; port: number; events: WorkerEvents; told: ToWorker[]; killed: string[] }[] = [];
  const said: string[] = [];
  const timers: { at: number; callback: () => void }[] = [];
  let now = 0;
  let ready = 0;
  const supervisor = new Supervisor({
    workers,
    port,
    sharesPort,
    drainTimeoutMs: 1000,
    start(index, onPort, events) {
      const entry = { index, port: onPort, events, told: [] as ToWorker[], killed: [] as string[] };
      started.push(entry);
      return {
        pid: started.length,
        send: (message) => void entry.told.push(message),
        kill: (signal) => void entry.killed.push(signal),
      };
    },
    say: (line) => void said.push(line),
    onReady: () => void ready++,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer) >>> 0, 1);
    },
    now: () => now,
  });
  const pass = (ms: number) => {
    now += ms;
    for (const timer of timers.filter((one) => one.at <= now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.callback();
    }
  };
  return { supervisor, started, said, pass, readyCount: () => ready };
}

/** Everything that waits for a promise has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const listening = { type: "listening", port: 80 } as const;
const drained = { type: "drain", timeoutMs: 1000 } as const;

/** Two workers that serve on port 80. */
function serving(sharesPort = true) {
  const at = stage(2, 80, sharesPort);
  at.supervisor.start();
  for (const one of at.started) one.events.message(listening);
  return at;
}

describe("Supervisor", () => {
  test("with port 0 the first worker finds the port and the others share it", () => {
    const { supervisor, started, readyCount } = stage(3);
    supervisor.start();
    expect(started).toHaveLength(1);
    started[0]!.events.message({ type: "listening", port: 4321 });
    expect(started.map((one) => one.port)).toEqual([0, 4321, 4321]);
    expect(readyCount()).toBe(0);
    started[1]!.events.message({ type: "listening", port: 4321 });
    started[2]!.events.message({ type: "listening", port: 4321 });
    expect(readyCount()).toBe(1);
    expect(started[0]!.told.at(-1)).toEqual({ type: "ready", ready: true });
  });

  test("a dead worker is replaced, and readiness waits for it", () => {
    const { supervisor, started, said, pass } = stage(2, 80);
    supervisor.start();
    for (const one of started) one.events.message({ type: "listening", port: 80 });
    started[0]!.events.exit(null, "SIGKILL");
    expect(started[1]!.told.at(-1)).toEqual({ type: "ready", ready: false });
    expect(said[0]).toContain("ended by SIGKILL");
    pass(50);
    expect(started).toHaveLength(3);
    started[2]!.events.message({ type: "listening", port: 80 });
    expect(started[1]!.told.at(-1)).toEqual({ type: "ready", ready: true });
  });

  test("gives up loudly after 5 deaths in 30 s", async () => {
    const { supervisor, started, said, pass } = stage(1, 80);
    supervisor.start();
    for (let death = 0; death < 5; death++) {
      started.at(-1)!.events.exit(1, null);
      pass(5_000);
    }
    expect(await supervisor.done).toBe(1);
    expect(said.at(-1)).toContain("giving up");
    expect(started).toHaveLength(5);
  });

  test("slow deaths never add up", () => {
    const { supervisor, started, pass } = stage(1, 80);
    supervisor.start();
    for (let death = 0; death < 20; death++) {
      pass(31_000);
      started.at(-1)!.events.exit(1, null);
      pass(0);
    }
    expect(started).toHaveLength(21);
  });

  test("drain: workers are told, what hangs is killed, a cut answer is 143", async () => {
    const { supervisor, started, pass } = stage(2, 80);
    supervisor.start();
    for (const one of started) one.events.message({ type: "listening", port: 80 });
    supervisor.drain();
    expect(started[0]!.told.at(-1)).toEqual({ type: "drain", timeoutMs: 1000 });
    started[0]!.events.message({ type: "idle", cut: 2 });
    started[0]!.events.exit(0, null);
    pass(6_000);
    expect(started[1]!.killed).toEqual(["SIGKILL"]);
    started[1]!.events.exit(null, "SIGKILL");
    expect(await supervisor.done).toBe(143);
  });

  test("drained to the end is 0; a second drain stops at once with 130", async () => {
    const calm = stage(1, 80);
    calm.supervisor.start();
    calm.supervisor.drain();
    calm.started[0]!.events.exit(0, null);
    expect(await calm.supervisor.done).toBe(0);
    const hasty = stage(1, 80);
    hasty.supervisor.start();
    hasty.supervisor.drain();
    hasty.supervisor.drain();
    expect(hasty.started[0]!.told.at(-1)).toEqual({ type: "stop" });
    hasty.started[0]!.events.exit(0, null);
    expect(await hasty.supervisor.done).toBe(130);
  });

  test("a worker that cannot listen ends everything with its own reason", async () => {
    const { supervisor, started, said } = stage(2);
    supervisor.start();
    started[0]!.events.message({ type: "failed", message: "Port 80 is in use.", exit: 1 });
    started[0]!.events.exit(1, null);
    expect(await supervisor.done).toBe(1);
    expect(said).toEqual(["Port 80 is in use."]);
  });

  test("reload: each worker goes only when its successor listens", async () => {
    const { supervisor, started } = stage(2, 80);
    supervisor.start();
    for (const one of started) one.events.message({ type: "listening", port: 80 });
    const rolled = supervisor.reload();
    expect(started).toHaveLength(3);
    expect(started[0]!.told.some((message) => message.type === "drain")).toBe(false);
    started[2]!.events.message({ type: "listening", port: 80 });
    expect(started[0]!.told.at(-1)).toEqual({ type: "drain", timeoutMs: 1000 });
    await settled();
    expect(started).toHaveLength(4);
    started[3]!.events.message({ type: "listening", port: 80 });
    await rolled;
    expect(started[1]!.told.at(-1)).toEqual({ type: "drain", timeoutMs: 1000 });
  });

  test("the wait before a restart doubles with each death", () => {
    const { supervisor, started, said, pass } = stage(1, 80);
    supervisor.start();
    for (const wait of [50, 100, 200, 400]) {
      const before = started.length;
      started.at(-1)!.events.exit(1, null);
      expect(said.at(-1)).toContain(`starting another in ${wait} ms`);
      pass(wait - 1);
      expect(started).toHaveLength(before);
      pass(1);
      expect(started).toHaveLength(before + 1);
    }
  });

  test("ready is said once, and only when every worker listens", () => {
    const { started, pass, readyCount } = serving();
    expect(readyCount()).toBe(1);
    started[0]!.events.exit(1, null);
    pass(50);
    started[2]!.events.message(listening);
    expect(readyCount()).toBe(1);
    expect(started[2]!.told).toEqual([{ type: "ready", ready: true }]);
  });

  test("reload: a successor that does not come up changes nothing, is no death, and is told", async () => {
    const { supervisor, started, said, readyCount } = serving();
    for (let change = 0; change < 6; change++) {
      const rolled = supervisor.reload();
      expect(started).toHaveLength(3 + change);
      started.at(-1)!.events.exit(2, null);
      await rolled;
      expect(said.at(-1)).toContain("did not come up");
    }
    for (const one of started.slice(0, 2)) expect(one.told.at(-1)).toEqual({ type: "ready", ready: true });
    expect([readyCount(), started.length]).toEqual([1, 8]);
  });

  test("reload: a successor that cannot listen ends alone; one that hangs is killed", async () => {
    const { supervisor, started, said, pass } = serving();
    const rolled = supervisor.reload();
    started[2]!.events.message({ type: "failed", message: "Address gone.", exit: 1 });
    started[2]!.events.exit(1, null);
    await rolled;
    expect(said[0]).toBe("Address gone.");
    const again = supervisor.reload();
    pass(30_000);
    expect(started[3]!.killed).toEqual(["SIGKILL"]);
    started[3]!.events.exit(null, "SIGKILL");
    await again;
    expect(started[0]!.told.at(-1)).toEqual({ type: "ready", ready: true });
  });

  test("reload: a change while workers are replaced is rolled out after it", async () => {
    const { supervisor, started } = serving();
    const rolled = supervisor.reload();
    started[2]!.events.message(listening);
    await settled();
    void supervisor.reload();
    for (const n of [3, 4, 5]) {
      started[n]!.events.message(listening);
      await settled();
    }
    await rolled;
    expect(started).toHaveLength(6);
    for (const one of started.slice(0, 4)) expect(one.told.at(-1)).toEqual(drained);
  });

  test("reload: an end in the middle of it ends all: the old, the successor, and those that still finish", async () => {
    const { supervisor, started } = serving();
    void supervisor.reload();
    started[2]!.events.message(listening);
    await settled();
    supervisor.drain();
    for (const one of started) expect(one.told.at(-1)).toEqual(drained);
    supervisor.drain();
    for (const one of started) expect(one.told.at(-1)).toEqual({ type: "stop" });
    for (const one of started) one.events.exit(0, null);
    expect(await supervisor.done).toBe(130);
  });

  test("reload: a worker that dies while its successor starts is not started again beside it", async () => {
    const { supervisor, started, pass } = serving();
    const rolled = supervisor.reload();
    started[0]!.events.exit(null, "SIGKILL");
    started[2]!.events.message(listening);
    await settled();
    pass(10_000);
    expect(started).toHaveLength(4);
    started[3]!.events.message(listening);
    await rolled;
    expect(started[2]!.told.at(-1)).toEqual({ type: "ready", ready: true });
  });

  test("reload where processes cannot share a port: the successor starts when its predecessor is gone", async () => {
    const { supervisor, started } = serving(false);
    const rolled = supervisor.reload();
    await settled();
    expect(started).toHaveLength(2);
    expect(started[0]!.told.at(-1)).toEqual(drained);
    started[0]!.events.exit(0, null);
    await settled();
    expect(started).toHaveLength(3);
    started[1]!.events.exit(0, null);
    await rolled;
    expect(started).toHaveLength(4);
  });

  test("a restart that waits is forgotten at the end", async () => {
    const { supervisor, started, pass } = serving();
    started[0]!.events.exit(1, null);
    supervisor.drain();
    started[1]!.events.exit(0, null);
    expect(await supervisor.done).toBe(0);
    pass(60_000);
    expect(started).toHaveLength(2);
  });
});
