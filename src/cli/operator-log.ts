import { createConsola } from "consola/core";
import type { Config } from "../config/load.ts";
import type { Terminal } from "./terminal.ts";

/** What goes on beside requests: workers that die, settings that changed, an upstream without its list of models. */
export type OperatorLog = { info(line: string): void; warn(line: string): void };

/** The log's form: JSON where it is asked for, and where nobody watches. */
export function isJsonLog(config: Config, terminal: Terminal): boolean {
  const format = config.get("LOG_FORMAT");
  return format === "json" || (format === "auto" && !terminal.err.isTTY);
}

/** One such line, without its line break. */
export function operatorLine(json: boolean, level: string, message: string, time: Date): string {
  return json
    ? JSON.stringify({ time: time.toISOString(), level, message })
    : `${time.toTimeString().slice(0, 8)}  ${message}`;
}

/**
 * Lines in the form that the lines of requests have, so that a collector reads all of them; no level hides them. consola
 * thins out what a crash loop repeats. Requests do not go through it: a line costs 3 to 40 µs there and 2 in batches of
 * ours (measured), and two equal lines are two requests.
 */
export function operatorLog(config: Config, terminal: Terminal): OperatorLog {
  const json = isJsonLog(config, terminal);
  const log = createConsola({
    reporters: [
      {
        log({ args, date, type }) {
          const level = type === "warn" ? "warning" : type;
          void terminal.err.line(operatorLine(json, level, args.join(" "), date));
        },
      },
    ],
  });
  return { info: (line) => log.info(line), warn: (line) => log.warn(line) };
}
