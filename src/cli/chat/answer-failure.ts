import { CliError, exits } from "../failure.ts";
import type { Answer } from "./answer.ts";

/** A complete answer that is none: stopped by a filter, or a refusal. */
export function answerFailure(answer: Answer): CliError | undefined {
  if (answer.finish === "content_filter") {
    return new CliError({
      exit: exits.refused,
      message: "The answer was stopped by a content filter.",
      wire: { type: "content_filter", code: "content_filter", status: null },
    });
  }
  if (answer.refusal !== "" && answer.text === "") {
    return new CliError({
      exit: exits.refused,
      message: "The model refused to answer.",
      wire: { type: "refusal", code: "refusal", status: null },
    });
  }
  return undefined;
}
