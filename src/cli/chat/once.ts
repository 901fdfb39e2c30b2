import type { JsonObject } from "../../core/json.ts";
import { exits } from "../failure.ts";
import { type Answer } from "./answer.ts";
import { answerJson } from "./answer-json.ts";
import { type Display, jsonLines, quietDisplay, textDisplay, usageJson } from "./display.ts";
import { answerFailure } from "./answer-failure.ts";
import { codeBlocks } from "./fence.ts";
import type { Setting } from "./gather.ts";
import { explained } from "./model-failure.ts";
import { bodyOf } from "./options.ts";
import { startSpinner } from "./spinner.ts";
import { takeAnswer } from "./take-answer.ts";
import { usageLine } from "./usage-line.ts";

/** One prompt, one answer. Returns the exit code; throws what went wrong once the answer so far is shown. */
export async function once(setting: Setting, signal: AbortSignal): Promise<number> {
  const { flags, terminal, backend, session, sessions } = setting;
  session.messages.push({ role: "user", content: setting.first ?? "" });
  const body = bodyOf(session.model, messagesOf(setting), setting.options, !flags["no-stream"]);
  if (flags["dry-run"]) {
    await terminal.out.line(await backend.preview(body));
    return exits.ok;
  }
  sessions?.save(session);
  const stop = startSpinner(terminal.err, `${session.model} …`, setting.dumb || setting.quiet);
  const { answer, ms, failure } = await takeAnswer(backend, body, displayFor(setting), signal, stop);
  if (answer.text !== "" || answer.toolCalls.length > 0 || answer.refusal !== "") {
    session.messages.push(answer.message());
    sessions?.save(session);
  }
  const problem = failure ?? answerFailure(answer);
  if (problem !== undefined) {
    const told = await explained(problem, setting, signal);
    if (flags["json-stream"]) await terminal.out.line(JSON.stringify({ type: "error", message: textOf(told) }));
    throw told;
  }
  await printed(setting, answer, ms);
  if (answer.finish === "length") setting.say("The answer was cut off: it reached the limit of tokens.");
  if (flags.usage || (terminal.err.isTTY && !setting.quiet)) {
    await terminal.err.line(terminal.err.paint.dim(usageLine(answer, session.model, ms)));
  }
  return exits.ok;
}

/** The request's messages: the system prompt, what was said before, what is said now. */
export function messagesOf({ session }: Pick<Setting, "session">): JsonObject[] {
  const system = session.system === undefined ? [] : [{ role: "system", content: session.system }];
  return [...system, ...session.messages];
}

/** Whether reasoning is shown: on a terminal, unless somebody said otherwise. */
export function showsReasoning({ flags, terminal }: Setting): boolean {
  return !flags["no-reasoning"] && (flags["show-reasoning"] || (terminal.err.isTTY && terminal.out.isTTY));
}

export function rendersMarkdown({ flags, terminal, dumb }: Setting): boolean {
  return flags.markdown || (!flags.raw && terminal.out.isTTY && !dumb);
}

function displayFor(setting: Setting): Display {
  const { flags, terminal } = setting;
  const reasoning = showsReasoning(setting);
  if (flags["json-stream"]) return jsonLines(terminal.out);
  if (flags.json || flags.extract || flags["extract-last"]) return quietDisplay(terminal, reasoning && !flags.json);
  return textDisplay(terminal, { markdown: rendersMarkdown(setting), reasoning });
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
    const code = codeBlocks(answer.text).at(flags["extract-last"] ? -1 : 0)?.code ?? "";
    return terminal.out.untrusted(code);
  }
  for (const { name, input } of answer.toolCalls) {
    await terminal.err.untrusted(`Tool Call: ${name}\nArguments: ${input}\n`);
  }
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
