import { loadConfig } from "../config/load.ts";
import { command } from "./command.ts";
import { CliError, exits } from "./failure.ts";

export const health = command({
  name: "health",
  summary: "Ask a running gateway whether it is ready",
  examples: ["amazon-chat health", "PORT=8001 amazon-chat health"],
  flags: [{ name: "timeout", type: "number", value: "SECONDS", default: 2, description: "How long to wait" }],
  notes: "Made for container health checks: no curl is needed. HOST and PORT say where the gateway listens.",
  async run({ flags, global, terminal }) {
    const config = loadConfig({ envFiles: global["env-file"], configFile: global.config });
    const url = readyUrl(config.get("HOST"), config.get("PORT"));
    const answer = await ask(url, flags.timeout);
    if (!answer.ok) throw new CliError({ exit: exits.failed, message: `${url} answered ${answer.status}.` });
    if (!global.quiet) await terminal.out.line("ready");
  },
});

async function ask(url: string, seconds: number): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
  } catch (cause) {
    throw new CliError({
      exit: exits.failed,
      message: `No gateway answers at ${url}.`,
      hint: ["Start one: amazon-chat serve", "It listens elsewhere? Set HOST and PORT as it has them."],
      cause,
    });
  }
}

/** An address that means "every address" is none to connect to. */
function readyUrl(host: string, port: number): string {
  const target = host === "0.0.0.0" ? "127.0.0.1" : host === "::" || host === "[::]" ? "[::1]" : host;
  const written = target.includes(":") && !target.startsWith("[") ? `[${target}]` : target;
  return `http://${written}:${port}/health/ready`;
}
