import { command } from "./command.ts";
import { commit, platform, version } from "./version.ts";

export const versionCommand = command({
  name: "version",
  summary: "Show version, commit and platform",
  examples: ["amazon-chat version", "amazon-chat version --json"],
  flags: [{ name: "json", type: "boolean", description: "Print one JSON object" }],
  async run({ flags, terminal }) {
    const facts = { version, commit, bun: Bun.version, platform };
    if (flags.json) return terminal.out.line(JSON.stringify(facts));
    await terminal.out.line(`amazon-chat ${version} (${commit}), Bun ${Bun.version}, ${platform}`);
  },
});
