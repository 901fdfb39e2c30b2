import type { JsonObject } from "../../../core/json.ts";
import type { Answer } from "../answer.ts";
import { answerFailure } from "../answer-failure.ts";
import { explained } from "../model-failure.ts";
import { textOfMessage, titleOf } from "../turn-text.ts";
import { usageLine } from "../usage-line.ts";
import { askModel } from "./ask-model.ts";
import { draftOf } from "./message.ts";
import { emptyDraft, type Repl } from "./state.ts";
import { toolResults } from "./tool-results.ts";

/** A new prompt, and its answer. */
export async function say(repl: Repl, message: JsonObject): Promise<void> {
  const { session, sessions } = repl.conversation;
  const before = [...session.messages];
  session.messages.push(message);
  session.title ||= titleOf(textOfMessage(message));
  repl.unsent = undefined;
  repl.draft = emptyDraft;
  // Before the answer: nothing of it is lost, whatever happens.
  sessions?.save(session);
  if (await answer(repl)) return;
  session.messages.splice(0, session.messages.length, ...before);
  repl.unsent = message;
  if (repl.input.prefills) repl.draft = draftOf(message);
  else await repl.say("The prompt is kept: /retry asks it again.");
}

/** Asks again with other turns than before; when nothing comes, those before stand. */
export async function askAgain(repl: Repl, messages: readonly JsonObject[]): Promise<void> {
  const { session } = repl.conversation;
  const before = session.messages.splice(0, session.messages.length, ...messages);
  if (!(await answer(repl))) session.messages.splice(0, session.messages.length, ...before);
}

/** Takes answers until one asks for no tool. False when nothing came to the first question. */
async function answer(repl: Repl): Promise<boolean> {
  const { conversation } = repl;
  const { terminal, session, sessions, show } = conversation;
  for (let first = true; ; first = false) {
    const { answer, ms, failure, interrupted } = await askModel(repl);
    const whole = failure === undefined;
    repl.failed = !whole;
    const kept = whole ? answer.message() : { role: "assistant", content: answer.text };
    const came = answer.text !== "" || (whole && (answer.toolCalls.length > 0 || answer.refusal !== ""));
    if (came) {
      session.messages.push(kept);
      sessions?.save(session);
    }
    if (interrupted) {
      await terminal.err.line("[interrupted]");
      return came || !first;
    }
    const problem = failure ?? answerFailure(answer);
    if (problem !== undefined) {
      await repl.tell(await explained(problem, conversation, AbortSignal.timeout(5_000)));
      if (!whole && came) await repl.say("What came is kept. /continue goes on, /retry asks again.");
      return came || !first;
    }
    if (answer.finish === "length") {
      await repl.say("The answer was cut off: it reached the limit of tokens. /continue goes on.");
    }
    if (show.usage) await terminal.err.line(terminal.err.paint.dim(usageLine(answer, session.model, ms)));
    if (!(await handled(repl, answer))) return true;
  }
}

/** True when tools were called and the person gave their results, so that the model is to be asked again. */
async function handled(repl: Repl, { toolCalls }: Answer): Promise<boolean> {
  if (toolCalls.length === 0) return false;
  const { session, sessions } = repl.conversation;
  const { messages, given } = await toolResults(repl, toolCalls);
  session.messages.push(...messages);
  sessions?.save(session);
  return given;
}
