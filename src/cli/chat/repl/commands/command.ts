import type { JsonObject } from "../../../../core/json.ts";
import type { Repl } from "../state.ts";

/** What a command leaves to do. */
export type Outcome =
  | { next: "prompt"; said?: string }
  | { next: "leave" }
  /** Sends a new prompt. */
  | { next: "say"; message: JsonObject }
  /** Asks for an answer to these turns. */
  | { next: "ask"; messages: readonly JsonObject[] };

export type SlashCommand = {
  /** What stands behind the name: `[ID]`. */
  takes?: string;
  help: string;
  aliases?: readonly string[];
  /** `rest` is what was typed behind the name, without blanks around it. */
  act(repl: Repl, rest: string, signal: AbortSignal): Promise<Outcome> | Outcome;
};

export type SlashCommands = { readonly [name: string]: SlashCommand };

export function said(text: string): Outcome {
  return { next: "prompt", said: text };
}
