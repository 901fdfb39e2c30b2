import { CliError, exits } from "../../failure.ts";
import { requestOf } from "../conversation.ts";
import { textDisplay } from "../display.ts";
import { startSpinner } from "../spinner.ts";
import { takeAnswer, type Taken } from "../take-answer.ts";
import { countDown } from "./count-down.ts";
import type { Repl } from "./state.ts";

/** s: whoever is to wait longer is told so and decides. */
const longestWait = 60;

/**
 * One answer to the session as it stands. What may be better in a moment (429, 5xx) is tried again, behind a countdown
 * that Ctrl-C ends (cli.md 3.9), as long as nothing has been shown.
 */
export async function askModel({ conversation, input }: Repl): Promise<Taken & { interrupted: boolean }> {
  const { terminal, session, backend, show } = conversation;
  const controller = new AbortController();
  const { signal } = controller;
  const done = input.whileAnswering(() => controller.abort());
  try {
    for (let attempt = 0; ; attempt++) {
      const spinner = startSpinner(terminal.err, `${session.model} …`, show.dumb || show.quiet);
      const taken = await takeAnswer(backend, requestOf(conversation), textDisplay(terminal, show), signal, spinner);
      const { answer, failure } = taken;
      const wait = attempt < conversation.retries ? waitFor(failure, attempt) : undefined;
      const came = answer.text !== "" || answer.reasoning !== "" || answer.toolCalls.length > 0;
      if (wait === undefined || came || signal.aborted) return { ...taken, interrupted: signal.aborted };
      await countDown(terminal, show.dumb, failure?.message ?? "", wait, signal);
      if (signal.aborted) return { ...taken, interrupted: true };
    }
  } finally {
    done();
  }
}

/** Seconds after which a failure may be over; undefined for one that will not be. */
function waitFor(failure: Error | undefined, attempt: number): number | undefined {
  if (!(failure instanceof CliError) || failure.wire?.code === "insufficient_quota") return undefined;
  const { status, retryAfter } = failure.wire ?? { status: null };
  const passing = failure.exit === exits.rate || (status !== null && status >= 500);
  const wait = retryAfter ?? 2 ** attempt;
  return passing && wait <= longestWait ? wait : undefined;
}
