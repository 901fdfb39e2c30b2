/** The resident memory of a fresh gateway over 100,000 requests and 1,000 streams: it must not grow with them. */
import { cases, memoryLoads } from "./cases.ts";
import { type Callers, startGateway } from "./contest.ts";
import { residentMegabytes, type Running } from "./processes.ts";

/** MB of the worker: idle, after each 20,000 requests, while 1,000 streams run at most, a second after them. */
export type Course = { idle: number; requests: number[]; streaming: number; after: number };

export async function memoryCourse(upstream: Running, command: readonly string[], callers: Callers): Promise<Course> {
  const gateway = await startGateway(upstream, command);
  const now = (): number => residentMegabytes(gateway.pid).at(-1) ?? Number.NaN;
  try {
    const idle = now();
    const requests: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      for (const entry of memoryLoads) await callers.run(entry, gateway);
      requests.push(now());
    }
    const streams = cases.find((entry) => entry.load.connections === 1000);
    if (!streams) throw new Error("no case of 1,000 streams");
    let streaming = now();
    const watch = setInterval(() => (streaming = Math.max(streaming, now())), 100);
    await callers.run(streams, gateway).finally(() => clearInterval(watch));
    await Bun.sleep(1000);
    return { idle, requests, streaming, after: now() };
  } finally {
    await gateway.stop();
  }
}
