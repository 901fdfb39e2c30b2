import type { Environment } from "../config/environment.ts";
import type { FromWorker, WorkerEvents, WorkerHandle } from "../server/supervisor.ts";

const indexName = "AMAZON_CHAT_WORKER";
const portName = "AMAZON_CHAT_WORKER_PORT";

/** What a worker's environment tells it; undefined in every other process. */
export function workerRole(env: Environment): { index: number; port: number } | undefined {
  const index = env[indexName];
  return index === undefined || index === "" || !process.send
    ? undefined
    : { index: Number(index), port: Number(env[portName] ?? "0") };
}

/**
 * Starts this program once more as a worker. What must be in the environment before a process starts is set here: Bun
 * makes at most 256 outgoing requests at a time unless told otherwise (design.md section 7).
 */
export function startWorker(index: number, port: number, env: Environment, events: WorkerEvents): WorkerHandle {
  const fromSource = !/\$bunfs|~BUN/.test(Bun.main);
  const command = [process.execPath, ...(fromSource ? ["--no-env-file", Bun.main] : []), ...process.argv.slice(2)];
  const child = Bun.spawn(command, {
    env: {
      ...env,
      [indexName]: String(index),
      [portName]: String(port),
      BUN_CONFIG_MAX_HTTP_REQUESTS: env["BUN_CONFIG_MAX_HTTP_REQUESTS"] ?? "65336",
    },
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    serialization: "json",
    ipc: (message: FromWorker) => events.message(message),
    onExit: (_, code, signal) => events.exit(code, signal === null ? null : String(signal)),
  });
  return {
    pid: child.pid,
    send(message) {
      // A worker that has just died has nobody to listen.
      if (child.exitCode === null && child.signalCode === null) child.send(message);
    },
    kill: (signal) => child.kill(signal),
  };
}
