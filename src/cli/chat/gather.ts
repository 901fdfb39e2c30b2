import { dumbTerminal } from "../../config/color-environment.ts";
import { loadConfig } from "../../config/load.ts";
import type { Json } from "../../core/json.ts";
import { isDemo } from "../../gateway/route.ts";
import type { Context } from "../command.ts";
import { loadOptions } from "../config/load-options.ts";
import { usageError } from "../failure.ts";
import { resolveModel } from "../models/resolve.ts";
import type { Terminal } from "../terminal.ts";
import { chooseBackend, gatewayOf } from "./choose-backend.ts";
import type { Conversation, Show } from "./conversation.ts";
import type { chatFlags } from "./flags.ts";
import { type ChatFlags, optionsOf } from "./options.ts";
import { readBounded } from "./read-bounded.ts";
import { newSession, Sessions } from "./session.ts";
import { settingsOf } from "./settings.ts";
import { textOfBytes } from "./text-of-bytes.ts";
import { titleOf } from "./turn-text.ts";
import { userContent } from "./user-content.ts";

/** Everything one run of `chat` works with. */
export type Setting = Conversation & {
  flags: ChatFlags;
  /** What was said on the command line and piped in; undefined when nothing was. */
  first: Json | undefined;
  resumed: boolean;
  stateFolder: string;
  retries: number;
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
  const own = loadOptions(global);
  const wished = loadConfig({ ...own, flags: { ...own.flags, ...settingsOf(flags) } });
  // A conversation tries again where the person sees it.
  const config = conversation
    ? loadConfig({ ...own, flags: { ...own.flags, ...settingsOf(flags), MAX_RETRIES: "0" } })
    : wished;
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
  // Once somebody types, a list that cannot be had must not write into the line: completion asks for lists, too.
  let typing = false;
  const backend = await chooseBackend({ flags, config, gateway, say: (line) => void (typing || say(line)) });
  const resolve = (typed: string, limit: AbortSignal): Promise<string> =>
    resolveModel(typed, { config, backend, remote: gateway !== undefined, say }, limit);
  const usual = flags.demo ? "demo-echo" : (config.get("DEFAULT_MODEL") ?? config.get("DEFAULT_OPENAI_MODEL"));
  // A session of a real model goes on with a simulated one where --demo says so.
  const kept = flags.demo && old !== undefined && !isDemo(old.model) ? undefined : old?.model;
  const model = await resolve(flags.model ?? kept ?? usual, signal);
  typing = conversation;
  const title = flags["session-name"] ?? titleOf(typeof first === "string" ? first : args.join(" "));
  const session = old ?? newSession(model, title);
  session.model = model;
  if (system !== undefined) session.system = system;
  return {
    flags,
    terminal,
    backend,
    options,
    session,
    sessions: flags["no-save"] ? undefined : sessions,
    stream: !flags["no-stream"],
    show: showOf(flags, terminal, global.quiet),
    resolve,
    first,
    resumed: old !== undefined,
    stateFolder: config.paths.state,
    retries: wished.get("MAX_RETRIES"),
    say,
  };
}

function showOf(flags: ChatFlags, { out, err }: Terminal, quiet: boolean): Show {
  const dumb = dumbTerminal() || (out.isTTY && out.columns < 20);
  return {
    markdown: flags.markdown || (!flags.raw && out.isTTY && !dumb),
    reasoning: !flags["no-reasoning"] && (flags["show-reasoning"] || (err.isTTY && out.isTTY)),
    usage: flags.usage || (err.isTTY && !quiet),
    quiet,
    dumb,
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
