import type { Config } from "../../config/load.ts";
import { resolveModel } from "../models/resolve.ts";
import type { Terminal } from "../terminal.ts";
import type { Backend } from "./backend.ts";

type Wish = {
  given: string | undefined;
  /** The model of the session that goes on. */
  old: string | undefined;
  demo: boolean;
  config: Config;
  backend: Backend;
  remote: boolean;
};

/** The model to ask: -m, else the session's, else the default; its name resolved (cli.md 3.8). */
export async function chosenModel(
  { given, old, demo, config, backend, remote }: Wish,
  how: { terminal: Terminal; say: (line: string) => void; ask: boolean },
  signal: AbortSignal,
): Promise<string> {
  // A session of a real model goes on with a simulated one where --demo says so.
  const kept = demo && old?.startsWith("demo-") === false ? undefined : old;
  const usual = demo ? "demo-echo" : (config.get("DEFAULT_MODEL") ?? config.get("DEFAULT_OPENAI_MODEL"));
  const wished = given ?? kept ?? usual;
  return resolveModel(wished, { config, backend, remote, ...how }, signal);
}
