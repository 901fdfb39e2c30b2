import type { ChatResponse } from "../../core/chat.ts";
import type { ChatEvent } from "../../core/events.ts";
import { unfold } from "../../core/unfold.ts";
import { tokens } from "./tokens.ts";

/** An answer as a model gives it: the events of one token at a time. `token` is false for what has no words. */
export function* steps(response: ChatResponse): Generator<{ events: ChatEvent[]; token: boolean }> {
  let waiting: ChatEvent[] = [];
  for (const event of unfold(response)) {
    if (event.type === "block-delta" && (event.text ?? event.input) !== undefined) {
      for (const piece of tokens(event.text ?? event.input ?? "")) {
        yield {
          events: [...waiting, event.text === undefined ? { ...event, input: piece } : { ...event, text: piece }],
          token: true,
        };
        waiting = [];
      }
    } else waiting.push(event);
  }
  yield { events: waiting, token: false };
}
