import { availableParallelism } from "node:os";
import { environment } from "../config/environment.ts";
import { type Config, loadConfig, type LoadOptions } from "../config/load.ts";
import { ConfigError } from "../config/problem.ts";
import { Supervisor } from "../server/supervisor.ts";
import { banner } from "./banner.ts";
import { command } from "./command.ts";
import { CliError, exits, usageError } from "./failure.ts";
import { watchLauncher } from "./launcher.ts";
import { listenFailure } from "./listen-failure.ts";
import { operatorLog } from "./operator-log.ts";
import { watchForReload } from "./reload.ts";
import type { Terminal } from "./terminal.ts";
import { startWorker, workerRole } from "./worker-process.ts";

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

export const serve = command({
  name: "serve",
  summary: "Start the gateway",
  examples: [
    "amazon-chat serve --demo",
    "amazon-chat serve --port 8001 --workers auto",
    "API_KEY=change-me amazon-chat serve --host 0.0.0.0",
  ],
  flags: [
    { name: "host", type: "string", value: "ADDRESS", shown: "127.0.0.1", description: "Address to listen on" },
    {
      name: "port",
      short: "p",
      type: "string",
      value: "N",
      shown: "8000",
      description: "Port to listen on; 0 takes any free one",
    },
    { name: "demo", type: "boolean", description: "Offer the simulated models; needs no key" },
    {
      name: "workers",
      type: "string",
      value: "N",
      shown: "1",
      description: "Serving processes on the port; auto is one for each core",
    },
    {
      name: "reload",
      type: "boolean",
      description: "Restart the workers when the env file or the configuration changes",
    },
    {
      name: "drain-timeout",
      type: "string",
      value: "SECONDS",
      shown: "30",
      description: "How long running answers may take to finish at the end",
    },
    {
      name: "log-level",
      type: "string",
      value: "LEVEL",
      shown: "info",
      description: "debug, info, warning, error or critical",
    },
    {
      name: "log-format",
      type: "string",
      value: "FORMAT",
      shown: "auto",
      description: "pretty or json; auto is pretty on a terminal",
    },
    {
      name: "api-key-file",
      type: "string",
      value: "PATH",
      description: "Read the keys that callers must send from this file",
    },
    { name: "insecure-no-auth", type: "boolean", description: "Listen beyond this machine without any key" },
    { name: "cors", type: "string", value: "ORIGIN", description: "The one browser origin that may call the gateway" },
    { name: "max-body", type: "string", value: "SIZE", shown: "25MiB", description: "Largest request body" },
    { name: "no-ui", type: "boolean", description: "Switch the web pages off" },
  ],
  notes: "Logs go to stderr, one line per request. Ctrl-C finishes what runs; a second one ends at once.",
  async run({ flags, global, terminal }) {
    const given: LoadOptions = {
      flags: {
        ...(flags.host !== undefined && { HOST: flags.host }),
        ...(flags.port !== undefined && { PORT: flags.port }),
        ...(flags.workers !== undefined && { WORKERS: flags.workers }),
        ...(flags["drain-timeout"] !== undefined && { DRAIN_TIMEOUT: flags["drain-timeout"] }),
        ...(flags["log-level"] !== undefined && { LOG_LEVEL: flags["log-level"] }),
        ...(flags["log-format"] !== undefined && { LOG_FORMAT: flags["log-format"] }),
        ...(flags.cors !== undefined && { CORS_ORIGIN: flags.cors }),
        ...(flags["max-body"] !== undefined && { MAX_BODY_BYTES: flags["max-body"] }),
        ...(flags["no-ui"] && { NO_UI: "on" }),
        ...(flags["api-key-file"] !== undefined && { API_KEY: await keyFile(flags["api-key-file"]) }),
        ...(global.profile !== undefined && { AWS_PROFILE: global.profile }),
        ...(global.region !== undefined && { AWS_REGION: global.region }),
      },
      envFiles: global["env-file"],
      configFile: global.config,
    };
    const config = loadConfig(given);
    const role = workerRole(environment());
    if (role) {
      const { serveWorker } = await import("./serve-worker.ts");
      return serveWorker(config, { port: role.port, demo: flags.demo, shared: sharesPort() }, terminal);
    }
    refuseOpenDoor(config, flags["insecure-no-auth"]);
    return supervise(config, { demo: flags.demo, reload: flags.reload, given }, terminal);
  },
});

async function keyFile(path: string): Promise<string> {
  try {
    const text = (await Bun.file(path).text()).trim();
    if (text === "") throw new Error("empty");
    return text.split(/\r?\n/).join(",");
  } catch (cause) {
    throw new CliError({
      exit: exits.usage,
      message: `The key file ${path} cannot be read or is empty.`,
      hint: ["Write one key per line into it."],
      cause,
    });
  }
}

/** Anyone who reaches the port would use the operator's accounts. */
function refuseOpenDoor(config: Config, insisted: boolean): void {
  if (config.get("API_KEY") !== undefined || insisted || loopback.test(config.get("HOST"))) return;
  throw usageError(
    `Refusing to listen on ${config.get("HOST")} without a key: anyone who reaches it could use your accounts.`,
    "Set one: amazon-chat config set API_KEY --stdin, or API_KEY=... in the environment.",
    "Or listen on this machine only: amazon-chat serve --host 127.0.0.1",
  );
}

/** Only Linux spreads the connections of one port over several processes. */
function sharesPort(): boolean {
  return process.platform === "linux";
}

async function supervise(
  config: Config,
  options: { demo: boolean; reload: boolean; given: LoadOptions },
  terminal: Terminal,
): Promise<number> {
  const log = operatorLog(config, terminal);
  for (const note of config.notes) log.warn(note);
  const wished = config.get("WORKERS") === "auto" ? availableParallelism() : Number(config.get("WORKERS"));
  const workers = sharesPort() ? wished : 1;
  if (workers < wished) log.warn("Only Linux shares a port between processes: serving with one worker.");
  await probePort(config.get("HOST"), config.get("PORT"));
  const supervisor = new Supervisor({
    workers,
    port: config.get("PORT"),
    sharesPort: sharesPort(),
    drainTimeoutMs: config.get("DRAIN_TIMEOUT"),
    start: (index, port, events) => startWorker(index, port, environment(), events),
    say: log.warn,
    onReady: (port) =>
      void banner(config, { port, demo: options.demo, workers }).then((text) => terminal.err.write(text)),
  });
  let asked = false;
  const end = (): void => {
    if (!asked && terminal.err.isTTY) log.info("Finishing what runs… (Ctrl-C again to stop now)");
    asked = true;
    supervisor.drain();
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", () => supervisor.drain());
  const forget = watchLauncher(environment(), () => {
    log.info("The npm that started this has ended: finishing what runs.");
    supervisor.drain();
  });
  const reload = (): void => {
    if (!isUsable(options.given, log.warn)) return;
    log.info("Restarting the workers one after the other.");
    void supervisor.reload();
  };
  const unwatch = options.reload
    ? watchForReload(config, options.given.envFiles ?? [], reload, log.info)
    : () => undefined;
  supervisor.start();
  const code = await supervisor.done;
  unwatch();
  forget();
  return code;
}

/** A slip of the pen in a file must not end what serves. */
function isUsable(given: LoadOptions, say: (line: string) => void): boolean {
  try {
    loadConfig(given);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    say(`${thrown.message}\nThe workers serve on with the settings they have.`);
    return false;
  }
}

/** With a shared port a second gateway would listen silently beside the first: a plain listen tells. */
async function probePort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  try {
    const probe = Bun.listen({ hostname: host, port, socket: { data: () => undefined } });
    probe.stop(true);
  } catch (thrown) {
    throw listenFailure(thrown, host, port);
  }
}
