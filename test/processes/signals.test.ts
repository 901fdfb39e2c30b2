/** What an operator, a terminal and a kernel do to a supervisor and its workers. */
import { afterEach, describe, expect, test } from "bun:test";
import { availableParallelism } from "node:os";
import { converseMessages, streamHead } from "../fakes/converse.ts";
import { pieces } from "../fakes/http.ts";
import { startWire } from "../fakes/wire.ts";
import { testNeeding } from "../needs.ts";
import { type Gateway, gatewayCommand, startGateway } from "../traffic/gateway.ts";
import { until, workersOf } from "./worker.ts";

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

/** A gateway before an upstream whose every stream takes 50 × 20 ms. */
async function underWay(args: string[], command?: string[]): Promise<Gateway> {
  const messages = converseMessages({ content: [{ text: "word ".repeat(50) }] }, 5);
  const wire = startWire(() => pieces(streamHead, messages, () => ({ waitMs: 20 })));
  open.push(wire);
  const gateway = await startGateway(wire.url, { args, ...(command && { command }) });
  open.push(gateway);
  return gateway;
}

const body = JSON.stringify({
  model: "us.amazon.nova-lite-v1:0",
  stream: true,
  messages: [{ role: "user", content: "Hi" }],
});

/** Streams that have begun. */
async function streams(gateway: Gateway, count: number): Promise<Promise<string>[]> {
  const ask = (): Promise<Response> => fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body });
  const begun = await Promise.all(Array.from({ length: count }, ask));
  return begun.map((response) => response.text());
}
const isComplete = (text: string): boolean => text.endsWith("data: [DONE]\n\n");

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function readiness(gateway: Gateway): Promise<number> {
  const response = await fetch(`${gateway.url}/health/ready`, { headers: { connection: "close" } });
  await response.text();
  return response.status;
}

describe.skipIf(process.platform !== "linux")("signals (skipped: not Linux)", () => {
  test("Ctrl-C reaches the whole group: what runs finishes all the same", async () => {
    const gateway = await underWay(["--workers", "2"]);
    const running = await streams(gateway, 10);
    for (const pid of workersOf(gateway.pid)) process.kill(pid, "SIGINT");
    const ended = gateway.end("SIGINT");
    expect((await Promise.all(running)).filter(isComplete)).toHaveLength(10);
    expect(await ended).toBe(0);
  });

  test("a terminal that is closed hangs up on all of them: what runs finishes, then nobody is left", async () => {
    const gateway = await underWay(["--workers", "2"]);
    const running = await streams(gateway, 10);
    const workers = workersOf(gateway.pid);
    for (const pid of workers) process.kill(pid, "SIGHUP");
    await gateway.end("SIGHUP");
    expect((await Promise.all(running)).filter(isComplete)).toHaveLength(10);
    await until(
      () => !workers.some(lives),
      10_000,
      () => `workers live on: ${workers.filter(lives).join()}`,
    );
  });

  test("kill -9 of the supervisor: the workers finish what runs and leave", async () => {
    const gateway = await underWay(["--workers", "2"]);
    const running = await streams(gateway, 10);
    const workers = workersOf(gateway.pid);
    await gateway.end("SIGKILL");
    expect((await Promise.all(running)).filter(isComplete)).toHaveLength(10);
    await until(
      () => !workers.some(lives),
      10_000,
      () => `workers live on: ${workers.filter(lives).join()}`,
    );
  });

  testNeeding(
    Bun.which("bash") === null ? "no bash" : undefined,
    "a reader of the log that goes away is no reason to stop serving",
    async () => {
      const untilUrl = 'exec "$@" 2> >(grep --line-buffered -m 1 http: >&2)';
      const gateway = await underWay([], ["bash", "-c", untilUrl, "bash", ...gatewayCommand()]);
      for (let turn = 0; turn < 3; turn += 1) {
        const answers = await Promise.all(await streams(gateway, 3));
        expect(answers.filter(isComplete)).toHaveLength(3);
      }
      expect(await gateway.end("SIGTERM")).toBe(0);
    },
  );

  test("a worker that dies again and again: five times in 30 s end it loudly, with 1", async () => {
    const gateway = await underWay([]);
    const killed = new Set<number>();
    for (let death = 0; death < 5; death += 1) {
      await until(
        () => workersOf(gateway.pid).some((pid) => !killed.has(pid)),
        10_000,
        () => `no worker after ${death} deaths:\n${gateway.log()}`,
      );
      for (const pid of workersOf(gateway.pid)) {
        killed.add(pid);
        process.kill(pid, "SIGKILL");
      }
      await until(
        () => gateway.log().split("ended by SIGKILL").length > death + 1,
        10_000,
        () => gateway.log(),
      );
    }
    expect(await gateway.exited).toBe(1);
    expect(gateway.log()).toContain("5 deaths in 30 s, giving up");
    for (const wait of [50, 100, 200, 400]) expect(gateway.log()).toContain(`in ${wait} ms`);
  }, 60_000);

  test("ready only when all workers are: one is missing, then it is back", async () => {
    const gateway = await underWay(["--workers", "2"]);
    await until(
      () => workersOf(gateway.pid).length === 2,
      10_000,
      () => gateway.log(),
    );
    while ((await readiness(gateway)) !== 200) await Bun.sleep(5);
    const [victim = 0] = workersOf(gateway.pid);
    process.kill(victim, "SIGKILL");
    const seen: number[] = [];
    const end = performance.now() + 10_000;
    while (performance.now() < end && !(seen.includes(503) && seen.at(-1) === 200))
      seen.push(await readiness(gateway).catch(() => 0));
    expect(seen).toContain(503);
    expect(seen.at(-1)).toBe(200);
    expect(workersOf(gateway.pid).filter((pid) => pid !== victim)).toHaveLength(2);
  }, 30_000);

  test("--workers auto: one for each core", async () => {
    const gateway = await underWay(["--workers", "auto"]);
    expect(workersOf(gateway.pid)).toHaveLength(availableParallelism());
    expect(await readiness(gateway)).toBe(200);
  });
});
