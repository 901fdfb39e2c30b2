import { CliError, exits } from "../failure.ts";
import { failureJson } from "../report-failure.ts";
import type { Answer } from "./answer.ts";
import { answerJson } from "./answer-json.ts";
import { type Display, jsonLines, quietDisplay, textDisplay, usageJson } from "./display.ts";
import { answerFailure } from "./answer-failure.ts";
import { requestOf } from "./conversation.ts";
import { codeBlocks } from "./fence.ts";
import type { Setting } from "./gather.ts";
import { explained } from "./model-failure.ts";
import { startSpinner } from "./spinner.ts";
import { takeAnswer } from "./take-answer.ts";
import { withoutResults } from "./unanswered-calls.ts";
import { usageLine } from "./usage-line.ts";

/** One prompt, one answer. Returns the exit code; throws what went wrong once the answer so far is shown. */
export async function once(setting: Setting, signal: AbortSignal): Promise<number> {
  const { flags, terminal, backend, session, sessions, show } = setting;
  session.messages.push(...withoutResults(session.messages), { role: "user", content: setting.first ?? "" });
  const body = requestOf(setting);
  if (flags["dry-run"]) {
    await terminal.out.line(await backend.preview(body));
    return exits.ok;
  }
  sessions?.save(session);
  const stop = startSpinner(terminal.err, `${session.model} …`, show.dumb || show.quiet);
  const { answer, ms, failure } = await takeAnswer(backend, body, displayFor(setting), signal, stop);
  if (answer.text !== "" || answer.toolCalls.length > 0 || answer.refusal !== "") {
    session.messages.push(answer.message());
    sessions?.save(session);
  }
  const problem = failure ?? answerFailure(answer);
  if (problem !== undefined) {
    const told = await explained(problem, setting, signal);
    if (flags["json-stream"]) await terminal.out.line(JSON.stringify({ type: "error", error: failureJson(told) }));
    throw told;
  }
  await printed(setting, answer, ms);
  if (answer.finish === "length") setting.say("The answer was cut off: it reached the limit of tokens.");
  if (show.usage) {
    await terminal.err.line(terminal.err.paint.dim(usageLine(answer, session.model, ms)));
  }
  return exits.ok;
}

function displayFor(setting: Setting): Display {
  const { flags, terminal, show } = setting;
  if (flags["json-stream"]) return jsonLines(terminal.out);
  if (flags.json || flags.extract || flags["extract-last"])
    return quietDisplay(terminal, show.reasoning && !flags.json);
  return textDisplay(terminal, show);
}

async function printed(setting: Setting, answer: Answer, latencyMs: number): Promise<void> {
  const { flags, terminal, session, sessions, backend } = setting;
  const sessionId = sessions === undefined ? null : session.id;
  if (flags.json) {
    const about = { model: session.model, provider: backend.provider(), latencyMs, sessionId };
    return terminal.out.line(JSON.stringify(answerJson(answer, about)));
  }
  if (flags["json-stream"]) {
    const { finish = null, usage } = answer;
    const end = {
      type: "end",
      finish_reason: finish,
      ...(usage && { usage: usageJson(usage) }),
      latency_ms: Math.round(latencyMs),
      session_id: sessionId,
    };
    return terminal.out.line(JSON.stringify(end));
  }
  if (flags.extract || flags["extract-last"]) {
    const block = codeBlocks(answer.text).at(flags["extract-last"] ? -1 : 0);
    // Prose in a script would be worse than nothing.
    if (block === undefined) {
      throw new CliError({ exit: exits.failed, message: "The answer holds no fenced code block.", hint: [] });
    }
    return terminal.out.untrusted(block.code);
  }
  for (const { name, input } of answer.toolCalls) {
    await terminal.err.untrusted(`Tool Call: ${name}\nArguments: ${input}\n`);
  }
}
