import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { JsonObject } from "../../../core/json.ts";
import { exits } from "../../failure.ts";
import { reportFailure } from "../../report-failure.ts";
import { answerFailure } from "../answer-failure.ts";
import { type ReplOptions, requestOf } from "../conversation.ts";
import { textDisplay } from "../display.ts";
import { startSpinner } from "../spinner.ts";
import { takeAnswer } from "../take-answer.ts";
import { textOfMessage, titleOf } from "../turn-text.ts";
import { usageLine } from "../usage-line.ts";
import { askLine } from "./ask-line.ts";
import { runCommand } from "./command.ts";

/** ms in which a second Ctrl-C at an empty prompt ends it. */
const twiceMs = 2_000;

/** A conversation on the terminal: prompts, answers and slash commands until Ctrl-D. Gives the exit code. */
export async function repl(conversation: ReplOptions): Promise<number> {
  const { terminal, session, show } = conversation;
  const { paint } = terminal.err;
  const say = async (text: string): Promise<void> => {
    await terminal.err.untrusted(`${text}\n`);
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((thrown: unknown) =>
      reportFailure(thrown, terminal, { path: ["amazon-chat", "chat"], json: false, verbose: 0 }),
    );
  };
  if (!show.quiet) {
    await terminal.err.line(paint.dim(`amazon-chat · ${session.model} · session ${session.id}`));
    await terminal.err.line(paint.dim("/help for commands · Ctrl-C stops an answer · Ctrl-D exits"));
  }
  if (conversation.resumed) for (const message of session.messages.slice(-2)) await say(textOfMessage(message));
  const input = conversation.keys === "tty" ? new ReadStream(openSync("/dev/tty", "r")) : process.stdin;
  const history: string[] = [];
  if (conversation.first !== undefined) await attempt(() => turn(conversation, conversation.first ?? {}));
  for (let interruptedAt = -twiceMs; ;) {
    const line = await askLine(input, terminal.err.stream, "› ", history);
    if (line.kind === "closed") break;
    if (line.kind === "interrupted") {
      await terminal.err.line();
      if (performance.now() - interruptedAt < twiceMs) return exits.interrupted;
      interruptedAt = performance.now();
      await say("(Ctrl-C again or Ctrl-D to exit)");
      continue;
    }
    if (line.text.trim() === "") continue;
    let leaving = false;
    await attempt(async () => {
      const outcome = await runCommand(line.text, conversation, say);
      leaving = outcome === "leave";
      if (outcome === undefined) await turn(conversation, { role: "user", content: line.text.replace(/^\/\//, "/") });
    });
    if (leaving) break;
  }
  input.pause();
  if (conversation.keys === "tty") input.destroy();
  return exits.ok;
}

/** One prompt and its answer. Throws what went wrong; the prompt is taken back when nothing came. */
async function turn(conversation: ReplOptions, message: JsonObject): Promise<void> {
  const { terminal, session, sessions, backend, show } = conversation;
  session.messages.push(message);
  session.title ||= titleOf(textOfMessage(message));
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.on("SIGINT", stop);
  try {
    const spinner = startSpinner(terminal.err, `${session.model} …`, show.dumb || show.quiet);
    const display = textDisplay(terminal, show);
    const taken = await takeAnswer(backend, requestOf(conversation), display, controller.signal, spinner);
    const { answer, ms } = taken;
    if (answer.text !== "" || answer.toolCalls.length > 0) session.messages.push(answer.message());
    else session.messages.pop();
    sessions?.save(session);
    if (controller.signal.aborted) return await terminal.err.line("[interrupted]");
    const problem = taken.failure ?? answerFailure(answer);
    if (problem !== undefined) throw problem;
    for (const { name, input } of answer.toolCalls) {
      await terminal.err.untrusted(`Tool Call: ${name}\nArguments: ${input}\n`);
    }
    if (show.usage) await terminal.err.line(terminal.err.paint.dim(usageLine(answer, session.model, ms)));
  } finally {
    process.off("SIGINT", stop);
  }
}
