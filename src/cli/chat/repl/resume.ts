import { callsOfMessage } from "../calls-of-message.ts";
import { textOfMessage } from "../turn-text.ts";
import { draftOf } from "./message.ts";
import { promptsOf } from "./prompts-of.ts";
import type { Repl } from "./state.ts";
import { toolResults } from "./tool-results.ts";
import { askAgain } from "./turn.ts";

/** Takes up a session: shows its last exchange, gives back a prompt that was never answered, asks for open results. */
export async function resume(repl: Repl): Promise<void> {
  const { terminal, session } = repl.conversation;
  const { messages } = session;
  const { dim } = terminal.err.paint;
  repl.history.recall(promptsOf(session));
  const last = messages.at(-1);
  if (last?.["role"] === "user") {
    // The program was killed before the answer.
    messages.pop();
    repl.unsent = last;
    repl.draft = draftOf(last);
  }
  const from = messages.findLastIndex(({ role }) => role === "user");
  for (const message of from < 0 ? [] : messages.slice(from)) {
    const text = textOfMessage(message);
    if (text !== "") await repl.say(message["role"] === "user" ? `› ${text}` : text, dim);
  }
  const open = callsOfMessage(messages.at(-1) ?? {});
  if (open.length === 0) return;
  const { messages: results, given } = await toolResults(repl, open);
  messages.push(...results);
  if (given) await askAgain(repl, [...messages]);
}
