import { type Config, loadConfig } from "../../config/load.ts";
import { dumbTerminal } from "../../config/color-environment.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../command.ts";
import { loadOptions } from "../config/load-options.ts";
import { usageError } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import type { Backend } from "./backend.ts";
import { chooseBackend, gatewayOf } from "./choose-backend.ts";
import type { chatFlags } from "./flags.ts";
import { chosenModel } from "./model.ts";
import { type ChatFlags, type Options, optionsOf } from "./options.ts";
import { readBounded } from "./read-bounded.ts";
import { newSession, type Session, Sessions } from "./session.ts";
import { textOfBytes } from "./text-of-bytes.ts";
import { titleOf } from "./turn-text.ts";
import { userContent } from "./user-content.ts";

/** Everything one run of `chat` works with. */
export type Setting = {
  flags: ChatFlags;
  terminal: Terminal;
  config: Config;
  backend: Backend;
  /** A running gateway answers; else this process does. */
  remote: boolean;
  options: Options;
  session: Session;
  /** Undefined with --no-save. */
  sessions: Sessions | undefined;
  /** What was said on the command line and piped in; undefined when nothing was. */
  first: JsonObject["content"];
  quiet: boolean;
  /** Rendering and cursor movements make no sense here. */
  dumb: boolean;
  /** A line on stderr, unless --quiet. */
  say: (line: string) => void;
};

/** Reads flags, configuration, files and standard input, in an order that fails before anything slow begins. */
export async function gather(
  { flags, args, global, terminal }: Context<typeof chatFlags>,
  conversation: boolean,
  signal: AbortSignal,
): Promise<Setting> {
  const options = optionsOf(flags);
  const system = systemOf(flags);
  const config = loadConfig({ ...loadOptions(global), flags: { ...loadOptions(global).flags, ...settingsOf(flags) } });
  const say = (line: string): void => void (global.quiet || terminal.err.line(line));
  for (const note of config.notes) say(note);
  if (flags["api-key"] !== undefined) {
    say("A key on the command line is seen by others on this machine; use --api-key-file or CHAT_API_KEY.");
  }
  const sessions = new Sessions(config.paths.state, say);
  const old =
    flags.session === undefined ? (flags.continue ? sessions.latest() : undefined) : sessions.find(flags.session);
  const first = await userContent({ flags, words: args, conversation, config, terminal, say }, signal);
  const gateway = gatewayOf(flags, config);
  const backend = await chooseBackend({ flags, config, gateway, say });
  const model = await chosenModel(
    { given: flags.model, old: old?.model, demo: flags.demo, config, backend, remote: gateway !== undefined },
    { terminal, say, ask: conversation },
    signal,
  );
  const title = flags["session-name"] ?? titleOf(typeof first === "string" ? first : args.join(" "));
  const session = old ?? newSession(model, title);
  session.model = model;
  if (system !== undefined) session.system = system;
  return {
    flags,
    terminal,
    config,
    backend,
    remote: gateway !== undefined,
    options,
    session,
    sessions: flags["no-save"] ? undefined : sessions,
    first,
    quiet: global.quiet,
    dumb: dumbTerminal() || terminal.out.columns < 20,
    say,
  };
}

function systemOf(flags: ChatFlags): string | undefined {
  const path = flags["system-file"];
  if (path === undefined) return flags.system;
  if (flags.system !== undefined) throw usageError("Give --system or --system-file, not both.");
  const text = textOfBytes(readBounded(path));
  if (text === undefined) throw usageError(`${path} is no text file.`);
  return text.text;
}

function settingsOf(flags: ChatFlags): Record<string, string> {
  const { timeout, retries } = flags;
  if (timeout !== undefined && timeout <= 0) throw usageError(`--timeout must be above 0, not ${timeout}.`);
  if (retries !== undefined && (!Number.isInteger(retries) || retries < 0)) {
    throw usageError(`--retries must be a whole number from 0, not ${retries}.`);
  }
  return {
    ...(retries !== undefined && { MAX_RETRIES: String(retries) }),
    ...(flags["server-url"] !== undefined && { CHAT_SERVER_URL: flags["server-url"] }),
    ...(flags["no-stdin"] && { AMAZON_CHAT_NO_STDIN: "on" }),
    // Whoever reads an answer in a pager is in no hurry.
    SLOW_READER_TIMEOUT: "86400",
  };
}
