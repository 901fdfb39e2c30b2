import type { Config } from "../../config/load.ts";
import { usageError } from "../failure.ts";
import type { Backend } from "./backend.ts";
import { inProcess } from "./in-process.ts";
import type { ChatFlags } from "./options.ts";
import { readBounded } from "./read-bounded.ts";
import { textOfBytes } from "./text-of-bytes.ts";

export type GatewayAddress = { url: string; key: string | undefined };
type GatewayFlags = Pick<ChatFlags, "api-key" | "api-key-file" | "demo">;

/** The gateway that flags or configuration name; undefined: this process answers. A key alone means the usual address. */
export function gatewayOf(flags: GatewayFlags, config: Config): GatewayAddress | undefined {
  if (flags.demo) return undefined;
  const file = flags["api-key-file"];
  const typed = file === undefined ? flags["api-key"] : keyIn(file);
  const url = config.get("CHAT_SERVER_URL") ?? (typed === undefined ? undefined : "http://localhost:8000");
  return url === undefined ? undefined : { url, key: typed ?? config.get("CHAT_API_KEY") };
}

/** Who answers. The two SDKs and the core are loaded only where they are used. */
export async function chooseBackend({
  flags,
  config,
  gateway,
  say,
}: {
  flags: { timeout?: number | undefined; demo: boolean };
  config: Config;
  gateway: GatewayAddress | undefined;
  say: (line: string) => void;
}): Promise<Backend> {
  const timeoutMs = flags.timeout === undefined ? undefined : Math.max(1, Math.round(flags.timeout * 1000));
  if (gateway !== undefined) {
    const { remote } = await import("./remote.ts");
    return remote({ ...gateway, retries: config.get("MAX_RETRIES"), timeoutMs });
  }
  const { createRuntime } = await import("../runtime.ts");
  return inProcess(createRuntime(config, { demo: flags.demo, say }), timeoutMs);
}

function keyIn(path: string): string {
  const key = textOfBytes(readBounded(path))?.text.trim().split(/\r?\n/)[0];
  if (key === undefined || !/^[\x21-\x7e]+$/.test(key)) throw usageError(`${path} holds no key in its first line.`);
  return key;
}
