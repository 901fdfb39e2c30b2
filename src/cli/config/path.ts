import { environment } from "../../config/environment.ts";
import { pathsOf } from "../../config/paths.ts";
import { command } from "../command.ts";

export const path = command({
  name: "path",
  summary: "Print where the configuration file is",
  examples: ["amazon-chat config path", 'cat "$(amazon-chat config path)"'],
  flags: [{ name: "json", type: "boolean", description: "Print the places of configuration, state and cache as JSON" }],
  async run({ flags, global, terminal }) {
    const { config, state, cache } = pathsOf(environment(), process.cwd(), global.config);
    await terminal.out.line(flags.json ? JSON.stringify({ config, state, cache }) : config);
  },
});
