import { usageError } from "../../../failure.ts";
import { codeBlocks } from "../../fence.ts";
import { textOfMessage } from "../../turn-text.ts";
import { copy } from "../clipboard.ts";
import type { Repl } from "../state.ts";
import { transcript } from "../transcript.ts";
import { said, type SlashCommands } from "./command.ts";

/** Texts that leave the terminal: to an editor, to the clipboard. */
export const textCommands: SlashCommands = {
  edit: {
    takes: "[TEXT]",
    help: "write the prompt in your editor; also Ctrl-X Ctrl-E",
    async act(repl, rest) {
      const text = await repl.input.lend(() => repl.edit(rest === "" ? repl.draft.text : rest));
      repl.draft = { ...repl.draft, text };
      if (repl.input.prefills || text === "") return { next: "prompt" };
      // Where nothing can stand in the line, there is nothing to look at again either.
      return { next: "say", message: { role: "user", content: text } };
    },
  },
  copy: {
    takes: "[N|code|all]",
    help: "copy the last answer, one before, its code, or everything",
    async act(repl, rest) {
      const text = wanted(repl, rest);
      if (text === "") return said("There is nothing to copy.");
      return said(
        `Copied ${text.length.toLocaleString("en-US")} characters with ${await copy(text, repl.conversation.terminal)}.`,
      );
    },
  },
};

function wanted({ conversation: { session } }: Repl, which: string): string {
  const answers = session.messages.filter(({ role }) => role === "assistant").map(textOfMessage);
  if (which === "all") return session.messages.length === 0 ? "" : transcript(session);
  if (which === "code") return codeBlocks(answers.at(-1) ?? "").at(-1)?.code ?? "";
  if (!/^\d*$/.test(which)) throw usageError(`/copy takes a number, code or all, not "${which}".`);
  return answers.at(-1 - Number(which)) ?? "";
}
