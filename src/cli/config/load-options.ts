import type { LoadOptions } from "../../config/load.ts";
import type { Values } from "../command.ts";
import type { GlobalFlag } from "../global-flags.ts";

/** How the flags that every command has change what is read. */
export function loadOptions(global: Values<readonly GlobalFlag[]>): LoadOptions {
  return {
    flags: {
      ...(global.profile !== undefined && { AWS_PROFILE: global.profile }),
      ...(global.region !== undefined && { AWS_REGION: global.region }),
    },
    envFiles: global["env-file"],
    configFile: global.config,
  };
}
