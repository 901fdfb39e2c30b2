import type { Config } from "../config/load.ts";
import { dialect } from "../dialects/registry.ts";
import { createApp } from "../server/app.ts";
import { Keys } from "../server/keys.ts";
import { listen, type Listening } from "../server/listen.ts";
import { Load } from "../server/load.ts";
import { createPages } from "../server/pages/index.ts";
import type { FromWorker, ToWorker } from "../server/supervisor.ts";
import { workerTalk } from "../server/worker.ts";
import { lineWriter } from "./line-writer.ts";
import { listenFailure } from "./listen-failure.ts";
import { isJsonLog, operatorLine, operatorLog } from "./operator-log.ts";
import { requestLog } from "./request-log.ts";
import { createRuntime } from "./runtime.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** A serving process: listens, answers, obeys its supervisor. Resolves when it may end. */
export async function serveWorker(
  config: Config,
  options: { port: number; demo: boolean; shared: boolean },
  terminal: Terminal,
): Promise<number> {
  const send = (message: FromWorker): void => void process.send?.(message);
  // The terminal sends Ctrl-C, and its own end, to the whole group; only the supervisor decides what it means.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => undefined);
  const runtime = createRuntime(config, { demo: options.demo, say: operatorLog(config, terminal).warn });
  const load = new Load(config.get("MAX_IN_FLIGHT"));
  let ready = false;
  const json = isJsonLog(config, terminal);
  const lines = lineWriter(
    (text) => terminal.err.write(text),
    (count) => `${operatorLine(json, "warning", `${count} log lines were dropped: nobody read them.`, new Date())}\n`,
  );
  process.on("exit", () => lines.flush());
  const app = createApp({
    gateway: runtime.gateway,
    keys: new Keys(keyList(config.get("API_KEY"))),
    load,
    listing: runtime.listing,
    dialect,
    limits: { bodyBytes: config.get("MAX_BODY_BYTES"), bodyTimeoutMs: config.get("BODY_TIMEOUT") },
    corsOrigin: config.get("CORS_ORIGIN"),
    version,
    log: requestLog({
      level: config.get("LOG_LEVEL"),
      json,
      write: lines.line,
    }),
    pages: createPages({ ui: !config.get("NO_UI"), version }),
    notReady: () => (ready ? undefined : "starting"),
  });
  let listening: Listening;
  const host = config.get("HOST");
  try {
    listening = listen(app, {
      host,
      port: options.port,
      reusePort: options.shared,
      bodyBytes: config.get("MAX_BODY_BYTES"),
    });
  } catch (thrown) {
    const failure = listenFailure(thrown, host, options.port);
    send({ type: "failed", message: [failure.message, ...failure.hint].join(" "), exit: failure.exit });
    return failure.exit;
  }
  return new Promise((resolve) => {
    const obey = workerTalk({
      listening,
      load,
      cut: () => runtime.gateway.cut(),
      send,
      exit: () => {
        lines.flush();
        resolve(0);
      },
      setReady: (now) => {
        ready = now;
      },
    });
    process.on("message", (message: ToWorker) => obey(message));
    // A supervisor that is gone cannot drain anybody: finish what runs and leave.
    process.on("disconnect", () => obey({ type: "drain", timeoutMs: config.get("DRAIN_TIMEOUT") }));
    send({ type: "listening", port: listening.port });
  });
}

/** API_KEY may hold several keys between commas. */
export function keyList(keys: string | undefined): string[] {
  return (keys ?? "")
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
}
