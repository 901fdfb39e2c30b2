import { usageError } from "../../../failure.ts";
import { newSession } from "../../session.ts";
import { textOfMessage, titleOf } from "../../turn-text.ts";
import { emptyDraft, type Repl } from "../state.ts";
import { said, type SlashCommands } from "./command.ts";

/** What has been said so far. */
export const turnCommands: SlashCommands = {
  clear: {
    help: "forget what was said; model and settings stay",
    act(repl) {
      const { system } = repl.conversation.session;
      begin(repl, repl.conversation.session.model, system);
      return said(kept(repl, "Forgotten."));
    },
  },
  new: {
    help: "a new conversation, set up as at the start",
    act(repl) {
      const { model, system, options } = repl.start;
      begin(repl, model, system);
      repl.conversation.options = structuredClone(options);
      return said(kept(repl, `New session ${repl.conversation.session.id}, ${model}.`));
    },
  },
  retry: {
    takes: "[-m ID]",
    help: "ask the last prompt again, with another model too",
    async act(repl, rest, signal) {
      const { session, resolve } = repl.conversation;
      if (rest !== "") {
        const [, words] = /^(?:-m|--model)[ =]+(.+)$/.exec(rest) ?? [];
        if (words === undefined) throw usageError(`/retry takes -m and a model, not "${rest}".`);
        session.model = await resolve(words, signal);
      }
      if (repl.unsent !== undefined) return { next: "say", message: repl.unsent };
      const last = session.messages.findLastIndex(({ role }) => role === "user");
      return last < 0 ? said("Nothing was asked yet.") : { next: "ask", messages: session.messages.slice(0, last + 1) };
    },
  },
  undo: {
    help: "take back the last prompt and its answer",
    act(repl) {
      const { session, sessions } = repl.conversation;
      const last = session.messages.findLastIndex(({ role }) => role === "user");
      const message = session.messages[last];
      if (message === undefined) return said("Nothing was asked yet.");
      session.messages.length = last;
      sessions?.save(session);
      return said(`Taken back: ${titleOf(textOfMessage(message))}`);
    },
  },
  continue: {
    help: "let the model go on where its answer broke off",
    act({ conversation: { session } }) {
      const last = session.messages.at(-1)?.["role"];
      if (last === undefined) return said("Nothing was asked yet.");
      if (last !== "assistant") return { next: "ask", messages: [...session.messages] };
      return { next: "say", message: { role: "user", content: "Continue exactly where you stopped." } };
    },
  },
};

/** The session so far stays on disk; what follows is another one. */
function begin(repl: Repl, model: string, system: string | undefined): void {
  repl.conversation.session = newSession(model, "");
  if (system !== undefined) repl.conversation.session.system = system;
  repl.draft = emptyDraft;
  repl.unsent = undefined;
}

function kept({ conversation: { sessions } }: Repl, text: string): string {
  return sessions === undefined ? text : `${text} /sessions lists what is kept.`;
}
