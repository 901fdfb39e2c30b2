import type { Config } from "../config/load.ts";
import { providerStates } from "./provider-states.ts";
import { version } from "./version.ts";

/** The block that `serve` shows once it listens (cli.md 3.1). On stderr, like every log. */
export async function banner(
  config: Config,
  { port, demo, workers }: { port: number; demo: boolean; workers: number },
): Promise<string> {
  const host = config.get("HOST");
  const shown = host.includes(":") ? `[${host}]` : host;
  const url = `http://${shown}:${port}`;
  const key = config.get("API_KEY");
  const rows: [string, string][] = [
    ...providerStates(config).map(({ name, text }): [string, string] => [name, text]),
    ...(demo ? [["demo", "ready   demo-echo, demo-lorem, demo-tools, demo-reasoning"] as [string, string]] : []),
    [
      "auth",
      key === undefined
        ? "none: anyone on this machine may call"
        : `API_KEY required (${config.explain("API_KEY").source?.name ?? "config"})`,
    ],
    ...(config.get("NO_UI") ? [] : [["page", `${url}/`] as [string, string]]),
    ...(workers > 1 ? [["workers", String(workers)] as [string, string]] : []),
  ];
  const authorization = key === undefined ? "" : ' -H "Authorization: Bearer $API_KEY"';
  const lines = [`amazon-chat ${version}  ${url}/v1`, ...rows.map(([name, text]) => `  ${name.padEnd(9)}${text}`)];
  lines.push(
    demo
      ? `Try: curl -N ${url}/v1/chat/completions${authorization} -H 'content-type: application/json' -d '{"model":"demo-echo","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'`
      : `Try: curl ${url}/v1/models${authorization}`,
    "Press Ctrl-C to stop.",
  );
  return `${lines.join("\n")}\n`;
}
