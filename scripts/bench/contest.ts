/** Who takes part in a bench, and one run of a case against one of them. */
import { join, resolve } from "node:path";
import { compile } from "../build/compile.ts";
import type { Case } from "./cases.ts";
import type { Load, Measured } from "./load.ts";
import { cpuOf, type Running, secondsBetween, start } from "./processes.ts";
import type { Figures } from "./table.ts";

export const root = resolve(import.meta.dir, "../..");
const key = "bench-key";
const binary = join(root, "dist/amazon-chat");
export const fromSource = [process.execPath, join(root, "src/main.ts")];

/** What is measured: GATEWAY_COMMAND, else the program compiled from the sources as they are now. */
export async function gatewayCommand(): Promise<string[]> {
  const given = process.env["GATEWAY_COMMAND"];
  if (given) return given.split(" ");
  await compile({ outfile: binary });
  return [binary];
}

// Bun makes 256 outgoing requests at a time unless told before it starts.
const common = { API_KEY: key, BUN_CONFIG_MAX_HTTP_REQUESTS: "20000" };

export const startUpstream = (): Promise<Running> =>
  start({ command: [process.execPath, join(import.meta.dir, "upstream.ts")], env: {} });

export function startPassThrough(upstream: Running): Promise<Running> {
  const env = { ...common, OPENAI_BASE_URL: `http://127.0.0.1:${upstream.port}/v1` };
  return start({ command: [process.execPath, join(import.meta.dir, "pass-through.ts")], env });
}

export function startGateway(
  upstream: Running,
  command: readonly string[],
  more: Record<string, string> = {},
): Promise<Running> {
  const at = `http://127.0.0.1:${upstream.port}`;
  return start({
    command: [...command, "serve", "--host", "127.0.0.1", "--port", "0"],
    env: {
      ...common,
      OPENAI_BASE_URL: `${at}/v1`,
      OPENAI_API_KEY: "sk-upstream",
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: at,
      ...more,
    },
  });
}

export type Callers = { run(entry: Case, running: Running): Promise<Figures>; stop(): void };

/** The load's process. `run` throws when an answer was wrong. */
export function startCallers(): Callers {
  let answered: ((measured: Measured) => void) | undefined;
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "load.ts")], {
    ipc: (message: Measured) => answered?.(message),
    stdio: ["ignore", "inherit", "inherit"],
  });
  return {
    async run({ load }, running) {
      const whole: Load = { ...load, port: running.port, path: "/v1/chat/completions", key };
      const before = cpuOf(running.pid);
      const measured = await new Promise<Measured>((resolve) => {
        answered = resolve;
        child.send(whole);
      });
      const cpu = secondsBetween(before, cpuOf(running.pid));
      if (measured.wrong > 0) throw new Error(`${measured.wrong} wrong answers, the first: ${measured.firstWrong}`);
      return {
        cpuMicros: (cpu / measured.requests) * 1e6,
        perSecond: measured.requests / measured.seconds,
        p50: percentile(measured.latency, 0.5),
        p99: percentile(measured.latency, 0.99),
        firstP50: percentile(measured.firstByte, 0.5),
        firstP99: percentile(measured.firstByte, 0.99),
        worstStall: measured.worstStall,
      };
    },
    stop: () => child.kill(),
  };
}

/** Of a sorted list. */
function percentile(list: readonly number[], p: number): number {
  return list[Math.min(list.length - 1, Math.floor(list.length * p))] ?? 0;
}
