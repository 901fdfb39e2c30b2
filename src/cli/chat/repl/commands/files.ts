import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { writeWhole } from "../../../../config/write-file.ts";
import { CliError, exits, usageError } from "../../../failure.ts";
import { attachmentPart, attachmentSource } from "../../attachment.ts";
import { fileInPrompt } from "../../file-in-prompt.ts";
import { readBounded } from "../../read-bounded.ts";
import { readSession, type Session } from "../../session.ts";
import { textOfBytes } from "../../text-of-bytes.ts";
import { promptsOf } from "../prompts-of.ts";
import { transcript } from "../transcript.ts";
import { emptyDraft, type Repl } from "../state.ts";
import { said, type SlashCommands } from "./command.ts";
import { typedPath } from "./typed-path.ts";

/** Files that go into prompts, and conversations that go into files. */
export const fileCommands: SlashCommands = {
  attach: {
    takes: "PATH|URL",
    help: "put an image, PDF, audio or text beside the next prompt",
    async act(repl, rest, signal) {
      const isUrl = /^https?:\/\//i.test(rest);
      const source = await attachmentSource(isUrl ? rest : typedPath(rest, "/attach"), nothingPiped, signal);
      repl.draft = { ...repl.draft, parts: [...repl.draft.parts, attachmentPart(source, undefined)] };
      return said(`Attached ${source.name} (${sizeOf(source.bytes.length)}); it goes with the next prompt.`);
    },
  },
  file: {
    takes: "PATH",
    help: "put a text file in front of the next prompt",
    act(repl, rest) {
      const path = typedPath(rest, "/file");
      repl.draft = { ...repl.draft, parts: [...repl.draft.parts, { type: "text", text: fileInPrompt(path) }] };
      return said(`${basename(path)} goes with the next prompt.`);
    },
  },
  save: {
    takes: "F.md|F.json",
    help: "write the conversation to a file",
    act(repl, rest) {
      const path = typedPath(rest, "/save");
      const { session } = repl.conversation;
      const form = extname(path).toLowerCase();
      if (form !== ".md" && form !== ".json") throw usageError("/save takes a file that ends with .md or .json.");
      if (existsSync(path) && !repl.saved.has(path)) throw usageError(`${path} is there already. Name another file.`);
      const text = form === ".md" ? transcript(session) : `${JSON.stringify(session, null, 1)}\n`;
      try {
        writeWhole(path, text, false);
      } catch (cause) {
        throw new CliError({ exit: exits.failed, message: `Cannot write ${path}.`, hint: [reason(cause)], cause });
      }
      repl.saved.add(path);
      return said(`Saved ${path}`);
    },
  },
  load: {
    takes: "F.json|ID",
    help: "go on with a conversation from a file or a session",
    act(repl, rest) {
      if (rest === "") throw usageError("/load needs a file or the id of a session.", "/sessions lists them.");
      const { conversation } = repl;
      const session = sessionOf(repl, rest);
      conversation.session = session;
      repl.draft = emptyDraft;
      repl.unsent = undefined;
      repl.history.recall(promptsOf(session));
      const title = session.title === "" ? "" : ` "${session.title}"`;
      return said(`Session ${session.id}${title}: ${session.messages.length} messages, ${session.model}`);
    },
  },
  sessions: {
    help: "the latest sessions",
    act({ conversation: { sessions } }) {
      if (sessions === undefined) return said("No sessions are kept.");
      const rows = sessions
        .recent(10)
        .map(({ id, updated, title }) => `${id}  ${updated.slice(0, 16).replace("T", " ")}  ${title}`);
      return said(rows.join("\n") || "No chat sessions found.");
    },
  },
};

function sessionOf({ conversation: { sessions } }: Repl, typed: string): Session {
  const path = typedPath(typed, "/load");
  if (sessions !== undefined && !existsSync(path) && !/[./\\]/.test(typed)) return sessions.find(typed);
  const session = readSession(textOfBytes(readBounded(path))?.text ?? "");
  if (session === undefined) throw usageError(`${path} holds no conversation.`, "/save F.json writes one.");
  return session;
}

function nothingPiped(): Promise<never> {
  return Promise.reject(usageError("/attach takes a path or a URL."));
}

function sizeOf(bytes: number): string {
  return bytes < 1024
    ? `${bytes} B`
    : bytes < 2 ** 20
      ? `${(bytes / 1024).toFixed(0)} KiB`
      : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "There is no such folder.";
  return code === "EACCES" || code === "EROFS" ? "You may not write there." : `The system says ${String(code)}.`;
}
