import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { CliError, exits } from "../../failure.ts";
import { reportFailure } from "../../report-failure.ts";
import { plain } from "../../terminal.ts";
import type { ReplOptions } from "../conversation.ts";
import { commandNames, slashCommand } from "./commands/index.ts";
import { completionOf } from "./completion.ts";
import { editText } from "./edit-text.ts";
import { History } from "./history.ts";
import type { Asked, Input } from "./input.ts";
import { messageOf } from "./message.ts";
import { PlainInput } from "./plain-input.ts";
import { RawInput } from "./raw-input.ts";
import { resume } from "./resume.ts";
import { emptyDraft, type Repl } from "./state.ts";
import { askAgain, say } from "./turn.ts";

/** ms in which a second Ctrl-C at an empty prompt ends it. */
const twiceMs = 2_000;

/** A conversation on the terminal: prompts, answers and slash commands until Ctrl-D. Gives the exit code. */
export async function repl(conversation: ReplOptions): Promise<number> {
  const { terminal, session, show } = conversation;
  const { paint } = terminal.err;
  const descriptor = conversation.keys === "tty" ? openSync("/dev/tty", "r+") : 0;
  const stream = conversation.keys === "tty" ? new ReadStream(descriptor) : process.stdin;
  // Prompts are no use where nobody sees them: with 2>file they go to stdout.
  const output = terminal.err.isTTY ? terminal.err : terminal.out;
  const input = show.dumb ? new PlainInput(stream, output) : new RawInput(stream, output, terminal.err.isTTY ? 2 : 1);
  const state = stateOf(conversation, input, conversation.keys === "tty" ? descriptor : "inherit");
  try {
    if (!show.quiet) {
      const title = session.title === "" || !conversation.resumed ? "" : ` "${session.title}"`;
      await state.say(`amazon-chat · ${session.model} · session ${session.id}${title}`, paint.dim);
      await state.say("/help for commands · Ctrl-C stops an answer · Ctrl-D exits", paint.dim);
    }
    if (conversation.resumed) await resume(state);
    if (conversation.first !== undefined) await attempt(state, () => say(state, conversation.first ?? {}));
    return await talk(state);
  } finally {
    input.close();
  }
}

/** Prompt by prompt. */
async function talk(state: Repl): Promise<number> {
  const { terminal } = state.conversation;
  for (let interruptedAt = -twiceMs; ;) {
    await terminal.finish();
    const asked = await ask(state);
    if (asked.kind === "closed") return exits.ok;
    if (asked.kind === "interrupted") {
      if (performance.now() - interruptedAt < twiceMs) return exits.interrupted;
      interruptedAt = performance.now();
      await state.say("(Ctrl-C again or Ctrl-D to exit)");
      continue;
    }
    if (asked.text.trim() === "" && state.draft.parts.length === 0) continue;
    if (!(await attempt(state, () => obey(state, asked.text)))) return exits.ok;
  }
}

function ask(state: Repl): Promise<Asked> {
  const { conversation, input, history, draft, failed } = state;
  const { backend, sessions } = conversation;
  const models = async (): Promise<string[]> =>
    (await backend.models(AbortSignal.timeout(5_000)).catch(() => [])).map(({ id }) => id);
  return input.ask({
    prompt: draft.parts.length === 0 ? "› " : `(+${draft.parts.length}) › `,
    text: draft.text,
    prompts: history.prompts,
    complete: (before) =>
      completionOf(before, {
        commands: commandNames,
        models,
        sessions: () => (sessions?.recent(50) ?? []).map(({ id }) => id),
      }),
    edit: (text) =>
      state.edit(text).catch(async (thrown: unknown) => {
        await state.tell(thrown);
        return text;
      }),
    hold: failed,
  });
}

/** Does what a line says. False when it says to leave. */
async function obey(state: Repl, line: string): Promise<boolean> {
  state.failed = false;
  state.history.add(line);
  const command = slashCommand(line);
  if (command === undefined) {
    await say(state, messageOf(state.draft, line.replace(/^\s*\/\//, "/")));
    return true;
  }
  state.draft = { ...state.draft, text: "" };
  const controller = new AbortController();
  const done = state.input.whileAnswering(() => controller.abort());
  const outcome = await Promise.resolve(command.act(state, command.rest, controller.signal)).finally(done);
  switch (outcome.next) {
    case "leave":
      return false;
    case "say":
      await say(state, outcome.message);
      return true;
    case "ask":
      await askAgain(state, outcome.messages);
      return true;
    case "prompt":
      if (outcome.said !== undefined) await state.say(outcome.said);
      return true;
    default:
      outcome satisfies never;
      return true;
  }
}

/** True unless the work says false; what it throws is told. */
async function attempt(state: Repl, work: () => Promise<boolean | void>): Promise<boolean> {
  try {
    return (await work()) ?? true;
  } catch (thrown) {
    await state.tell(thrown);
    return true;
  }
}

function stateOf(conversation: ReplOptions, input: Input, keys: "inherit" | number): Repl {
  const { terminal, session, sessions, options } = conversation;
  const history = new History(sessions === undefined ? undefined : conversation.stateFolder);
  return {
    conversation,
    input,
    history,
    async say(text, style = (same) => same) {
      const shown = terminal.err.isTTY ? plain(text) : text;
      await terminal.err.line(style(shown));
    },
    async tell(thrown) {
      // At a prompt nobody needs the help of the command line.
      const told =
        thrown instanceof CliError && thrown.exit === exits.usage
          ? new CliError({ exit: exits.failed, message: thrown.message, hint: thrown.hint })
          : thrown;
      await reportFailure(told, terminal, { path: [], json: false, verbose: 0 });
    },
    edit: async (text) => editText(text, keys),
    draft: emptyDraft,
    unsent: undefined,
    failed: false,
    saved: new Set(),
    start: { model: session.model, system: session.system, options: structuredClone(options) },
  };
}
