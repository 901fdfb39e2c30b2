import type { Session } from "../session.ts";
import { textOfMessage } from "../turn-text.ts";

/** What a person has said in a session, oldest first. */
export function promptsOf({ messages }: Session): string[] {
  return messages.flatMap((message) => {
    const text = message["role"] === "user" ? textOfMessage(message) : "";
    return text === "" ? [] : [text];
  });
}
