import type { ChatResponse } from "../../core/chat.ts";
import type { Context, Dialect } from "../../dialects/dialect.ts";
import { brokeOff, type Fault } from "./failures.ts";
import { pause } from "./pause.ts";

/** The bytes of a whole answer, spoilt by its fault. Throws the error of a model that breaks off. */
export async function wholeText(
  response: ChatResponse,
  dialect: Dialect,
  context: Context,
  { waitMs, fault, signal }: { waitMs: number; fault: Fault | undefined; signal: AbortSignal },
): Promise<string> {
  if (waitMs > 0) await pause(waitMs, signal);
  const text = JSON.stringify(dialect.response.encode(response, context).value);
  switch (fault) {
    case undefined:
      return text;
    case "error":
      throw brokeOff();
    case "cut":
      return text.slice(0, text.length / 2);
    case "garbage":
      return "<html><body>This is no answer.</body></html>";
    case "stall":
      await pause(undefined, signal);
      return text;
    default:
      return fault satisfies never;
  }
}
