import type { JsonObject } from "../../core/json.ts";
import type { ListedModel } from "../../gateway/listing.ts";
import type { AnswerEvent } from "./answer-event.ts";

/** Who answers: the core in this process, or a running gateway. */
export type Backend = {
  /** Sends a request in OpenAI's format. Throws a CliError; after an abort, whatever the abort caused. */
  ask(body: JsonObject, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, undefined>;
  /** What would be sent, without secrets, as text for people. */
  preview(body: JsonObject): Promise<string>;
  /** The models it offers. Sources that fail are told on stderr. */
  models(signal: AbortSignal): Promise<readonly ListedModel[]>;
  /** The provider that gave the last answer, where that is known. */
  provider(): string | undefined;
};
