import { keyNames } from "../config/keys.ts";
import { readConfig } from "../config/load.ts";
import type { Values } from "./command.ts";
import type { GlobalFlag } from "./global-flags.ts";

/** What bare `amazon-chat` says where nothing at all is configured; undefined where something is. */
export function firstSteps(global: Values<readonly GlobalFlag[]>): string | undefined {
  const config = readConfig({ envFiles: global["env-file"], configFile: global.config });
  const given = keyNames.some((name) => (config.explain(name).source?.layer ?? "default") !== "default");
  if (given || config.problems.length > 0) return undefined;
  return `Not configured yet. Run: amazon-chat config set
Or look around without any key: amazon-chat serve --demo
All commands: amazon-chat --help
`;
}
