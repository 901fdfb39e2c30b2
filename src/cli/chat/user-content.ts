import type { Config } from "../../config/load.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { mediaTypeOf } from "../../core/media-type.ts";
import { usageError } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { attachmentPart, attachmentSource } from "./attachment.ts";
import { fileInPrompt } from "./file-in-prompt.ts";
import type { ChatFlags } from "./options.ts";
import { joinPrompt, noPrompt } from "./prompt.ts";
import { readStdin, stdinHasData } from "./stdin.ts";
import { textOfBytes } from "./text-of-bytes.ts";

type Given = {
  flags: ChatFlags;
  words: readonly string[];
  conversation: boolean;
  config: Config;
  terminal: Terminal;
  say: (line: string) => void;
};

/**
 * The content of the first user message from words, standard input, -f and -a; undefined when nothing was given in a
 * conversation. Throws exit 2 when nothing was given otherwise.
 */
export async function userContent(given: Given, signal: AbortSignal): Promise<Json | undefined> {
  const { flags, words, conversation, say } = given;
  const files = flags.file.map(fileInPrompt);
  const stdin = new Piped(given, signal);
  const attached: JsonObject[] = [];
  for (const path of flags.attach) {
    const source = await attachmentSource(path, () => stdin.bytes(), signal);
    attached.push(attachmentPart(source, flags["attach-type"]));
  }
  let piped: string | undefined;
  if (!flags.attach.includes("-")) {
    const bytes = await stdin.bytes();
    const media = mediaTypeOf(bytes) !== undefined && words.length > 0;
    if (bytes.length > 0 && (media || flags["stdin-as"] === "attachment")) {
      attached.push(attachmentPart({ name: "stdin", bytes }, flags["attach-type"]));
    } else piped = pipedText(bytes, say);
  }
  const text = [...files, joinPrompt(words, piped, flags["stdin-as"])]
    .filter((part) => part.trim() !== "")
    .join("\n\n");
  if (text === "" && attached.length === 0) {
    if (conversation) return undefined;
    throw noPrompt();
  }
  if (attached.length === 0) return text;
  return [...attached, ...(text === "" ? [] : [{ type: "text", text }])];
}

/** Standard input, read at most once, and not at all where nothing can come or nobody wants it. */
class Piped {
  readonly #read: () => Promise<Uint8Array>;
  #bytes: Promise<Uint8Array> | undefined;

  constructor({ config, terminal }: Given, signal: AbortSignal) {
    const wanted = !config.get("AMAZON_CHAT_NO_STDIN") && !terminal.stdinIsTTY && stdinHasData();
    this.#read = wanted ? () => readStdin(terminal, signal) : async () => new Uint8Array(0);
  }

  bytes(): Promise<Uint8Array> {
    return (this.#bytes ??= this.#read());
  }
}

function pipedText(bytes: Uint8Array, say: (line: string) => void): string | undefined {
  if (bytes.length === 0) return undefined;
  const text = textOfBytes(bytes);
  if (text === undefined) {
    throw usageError(
      `Standard input is no text${mediaTypeOf(bytes) === undefined ? "" : ` (${mediaTypeOf(bytes)})`}.`,
      'Attach it: amazon-chat chat "what is this?" -a -',
    );
  }
  if (text.damaged) say("Standard input is not all UTF-8: what could not be read became U+FFFD.");
  return text.text;
}
