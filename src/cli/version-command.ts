import { environment } from "../config/environment.ts";
import { pathsOf } from "../config/paths.ts";
import { command } from "./command.ts";
import { commit, platform, version } from "./version.ts";

export const versionCommand = command({
  name: "version",
  summary: "Show version, commit and platform",
  examples: ["amazon-chat version", "amazon-chat version --json"],
  flags: [{ name: "json", type: "boolean", description: "Print one JSON object" }],
  async run({ flags, global, terminal }) {
    const { config } = pathsOf(environment(), process.cwd(), global.config);
    const facts = { version, commit, bun: Bun.version, platform, config };
    if (flags.json) return terminal.out.line(JSON.stringify(facts));
    await terminal.out.line(`amazon-chat ${version} (${commit}), Bun ${Bun.version}, ${platform}`);
  },
});
