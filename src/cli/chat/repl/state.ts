import type { JsonObject } from "../../../core/json.ts";
import type { ReplOptions } from "../conversation.ts";
import type { Options } from "../options.ts";
import type { History } from "./history.ts";
import type { Input } from "./input.ts";

/** What the next prompt begins with. `parts` are attachments and files that go in front of its text. */
export type Draft = { text: string; parts: readonly JsonObject[] };

/** One conversation on the terminal while it runs. */
export type Repl = {
  conversation: ReplOptions;
  input: Input;
  history: History;
  /** A line or more on stderr, without control characters. */
  say(text: string, style?: (text: string) => string): Promise<void>;
  /** A failure, as cli.md 3.10 wants it. */
  tell(thrown: unknown): Promise<void>;
  /** Lets the person's editor change a text. */
  edit(text: string): Promise<string>;
  draft: Draft;
  /** The prompt that nobody answered; /retry sends it again. */
  unsent: JsonObject | undefined;
  /** The last turn failed: what was typed ahead of it is not sent by itself. */
  failed: boolean;
  /** Files that /save made in this run, and may write again. */
  saved: Set<string>;
  /** What /new goes back to. */
  readonly start: { model: string; system: string | undefined; options: Options };
};

export const emptyDraft: Draft = { text: "", parts: [] };
