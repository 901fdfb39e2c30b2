/** Mixed traffic through a gateway process, and what it did to the process. Linux only: memory is read from /proc. */
import { startWire } from "../../test/fakes/wire.ts";
import { rssOf, socketsOf, workersOf } from "../../test/processes/worker.ts";
import { startGateway } from "../../test/traffic/gateway.ts";
import { scenarioOf, scenarios, type Scenario, unknown } from "./scenarios.ts";
import { laterHalf, mean, type Point, slopePerMinute } from "./trend.ts";

export type Soak = {
  seconds: number;
  /** Callers at a time. */
  callers: number;
  /** ms that a caller rests between two requests; the rest is what keeps the load below what the machine can do. */
  restMs: number;
  /** Seconds between two looks. */
  everyS: number;
  say: (line: string) => void;
};

export type Soaked = {
  requests: number;
  /** By scenario. */
  counts: Record<string, number>;
  /** What was wrong, with how often. */
  wrong: Record<string, number>;
  startMB: number;
  endMB: number;
  /** MB a minute over the later half. */
  slope: number;
  /** Open sockets: before, mean of the second quarter, mean of the last quarter, after the end. */
  sockets: { before: number; early: number; late: number; after: number };
  /** Upstream connections after the end. */
  upstream: number;
  exit: number;
};

/** Runs the traffic for the given time and ends the gateway. */
export async function soak({ seconds, callers, restMs, everyS, say }: Soak): Promise<Soaked> {
  const round = roundOf(scenarios());
  const byName = new Map(round.map((scenario) => [scenario.name, scenario]));
  const wire = startWire((exchange) => byName.get(scenarioOf(exchange) ?? "")?.script() ?? unknown);
  const gateway = await startGateway(wire.url);
  const counts: Record<string, number> = {};
  const wrong: Record<string, number> = {};
  let requests = 0;
  try {
    const worker = workersOf(gateway.pid)[0];
    if (worker === undefined) throw new Error(`the gateway has no worker:\n${gateway.log()}`);
    const before = socketsOf(worker);
    const start = performance.now();
    const elapsed = (): number => (performance.now() - start) / 1000;
    const memory: Point[] = [];
    const sockets: Point[] = [];
    const stop = new AbortController();

    const caller = async (): Promise<void> => {
      while (!stop.signal.aborted && elapsed() < seconds) {
        const scenario = round[requests++ % round.length];
        if (scenario === undefined) return;
        const fault = await outcome(scenario, `${gateway.url}/v1/chat/completions`);
        counts[scenario.name] = (counts[scenario.name] ?? 0) + 1;
        if (fault !== undefined) {
          const key = `${scenario.name}: ${fault}`;
          wrong[key] = (wrong[key] ?? 0) + 1;
        }
        await Bun.sleep(restMs);
      }
    };
    const look = async (): Promise<void> => {
      for (let next = everyS; next <= seconds; next += everyS) {
        await Bun.sleep(Math.max(0, (next - elapsed()) * 1000));
        wire.seen.length = 0;
        const rss = rssOf(worker);
        memory.push({ at: elapsed(), value: rss });
        sockets.push({ at: elapsed(), value: socketsOf(worker) });
        say(
          `${elapsed().toFixed(0).padStart(5)} s  ${rss.toFixed(1).padStart(6)} MB  ${String(sockets.at(-1)?.value).padStart(4)} sockets  ${String(requests).padStart(8)} requests  ${sum(wrong)} wrong`,
        );
      }
    };
    const looking = look().catch((error: unknown) => {
      // The process is gone: nothing more will be right.
      stop.abort();
      throw error;
    });
    await Promise.all([looking, ...Array.from({ length: callers }, caller)]);
    const after = socketsOf(worker);
    const quarter = Math.floor(sockets.length / 4);
    const values = sockets.map(({ value }) => value);
    const endMB = rssOf(worker);
    return {
      requests,
      counts,
      wrong,
      startMB: memory[0]?.value ?? endMB,
      endMB,
      slope: slopePerMinute(laterHalf(memory)),
      sockets: {
        before,
        early: mean(values.slice(quarter, quarter * 2)),
        late: mean(values.slice(-Math.max(1, quarter))),
        after,
      },
      upstream: wire.connections(),
      exit: await gateway.end("SIGTERM"),
    };
  } finally {
    await gateway.stop();
    wire.stop();
  }
}

async function outcome({ take, fault, query, body, headers }: Scenario, url: string): Promise<string | undefined> {
  try {
    return fault(await take({ url: url + query, body, headers }));
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
}

/** Each scenario as often as its weight says, spread out evenly. */
function roundOf(all: readonly Scenario[]): Scenario[] {
  return all
    .flatMap((scenario) =>
      Array.from({ length: scenario.weight }, (_, n) => ({ scenario, place: (n + 0.5) / scenario.weight })),
    )
    .toSorted((a, b) => a.place - b.place)
    .map(({ scenario }) => scenario);
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Why the soak has failed; empty when the process stayed as it was. */
export function complaints(soaked: Soaked, limits: { slope: number; callers: number }): string[] {
  const { sockets, slope, exit } = soaked;
  const out = Object.entries(soaked.wrong).map(([what, count]) => `${count} times wrong: ${what}`);
  if (slope > limits.slope) out.push(`memory grows by ${slope.toFixed(2)} MB a minute, more than ${limits.slope}`);
  if (sockets.late > sockets.early * 1.2 + 10)
    out.push(`sockets grow: ${sockets.early.toFixed(0)} early, ${sockets.late.toFixed(0)} late`);
  // Every caller may keep one connection alive on either side.
  const kept = sockets.before + 2 * limits.callers + 5;
  if (sockets.after > kept) out.push(`${sockets.after} sockets stay open, more than ${kept}`);
  if (exit !== 0) out.push(`the gateway's exit code is ${exit}`);
  if (soaked.requests === 0) out.push("no request was made");
  return out;
}
