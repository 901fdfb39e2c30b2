import type { JsonObject } from "../../core/json.ts";
import type { Terminal } from "../terminal.ts";
import type { Backend } from "./backend.ts";
import type { DisplaySettings } from "./display.ts";
import { bodyOf, type Options } from "./options.ts";
import type { Session, Sessions } from "./session.ts";

/**
 * What one answer and the REPL share. A turn of either is:
 *
 *     conversation.session.messages.push({ role: "user", content: "Hello" });
 *     const body = requestOf(conversation);
 *     const display = textDisplay(conversation.terminal, conversation.show);
 *     const { answer, ms, failure } = await takeAnswer(conversation.backend, body, display, signal, stopSpinner);
 *     conversation.session.messages.push(answer.message());
 *     conversation.sessions?.save(conversation.session);
 *
 * `takeAnswer` never throws: what came before a failure or an abort is in `answer`, `failure` goes to `reportFailure`
 * or back into the prompt. `usageLine` (usage-line.ts) writes the line below an answer, `attachmentPart`
 * (attachment.ts) and `fileInPrompt` (file-in-prompt.ts) make content of files. Everything here may be changed between
 * two turns: `/model` sets `session.model` (through `resolve`), `/system` sets `session.system`, `/set` writes into
 * `options`.
 */
export type Conversation = {
  terminal: Terminal;
  backend: Backend;
  /** Model, system prompt and every turn so far, in OpenAI's format. */
  session: Session;
  /** Where sessions are kept; undefined with --no-save. */
  sessions: Sessions | undefined;
  options: Options;
  stream: boolean;
  show: Show;
  /** The model id that typed words mean (cli.md 3.8). Throws exit 5 with suggestions. Says on stderr what it chose. */
  resolve(typed: string, signal: AbortSignal): Promise<string>;
};

/** What is shown beside the answer. `dumb`: a terminal whose cursor cannot go back (`TERM=dumb`). */
export type Show = DisplaySettings & { usage: boolean; quiet: boolean; dumb: boolean };

/**
 * What `repl()` of repl/index.ts takes; it resolves to the exit code. Nobody has taken over SIGINT or read stdin before
 * it is called, but for `keys: "tty"`: then stdin was piped and has been read, and keys come from /dev/tty.
 */
export type ReplOptions = Conversation & {
  /** The first user turn, already typed (`-i`, or attachments): sent at once. */
  first: JsonObject | undefined;
  /** The session was taken up with -c or --session: its last exchange is shown again. */
  resumed: boolean;
  keys: "stdin" | "tty";
  /** Folder for the prompt history; made by whoever writes there first (0700). */
  stateFolder: string;
  /** How often the conversation tries again by itself; the backend does not. */
  retries: number;
};

/** The body of the next request: the system prompt, then every turn. */
export function requestOf({
  session,
  options,
  stream,
}: Pick<Conversation, "session" | "options" | "stream">): JsonObject {
  const system: JsonObject[] = session.system === undefined ? [] : [{ role: "system", content: session.system }];
  return bodyOf(session.model, [...system, ...session.messages], options, stream);
}
