import type { JsonObject } from "../../core/json.ts";
import { Answer } from "./answer.ts";
import type { Backend } from "./backend.ts";
import type { Display } from "./display.ts";

export type Taken = { answer: Answer; ms: number; failure: Error | undefined };

/**
 * Sends a request and shows the answer while it comes. Never throws: what came before a failure or an abort is kept.
 * `onFirst` is called when the first thing comes, or when nothing will.
 */
export async function takeAnswer(
  backend: Backend,
  body: JsonObject,
  display: Display,
  signal: AbortSignal,
  onFirst: () => void,
): Promise<Taken> {
  const started = performance.now();
  const answer = new Answer();
  let failure: Error | undefined;
  let waiting = true;
  try {
    for await (const event of backend.ask(body, signal)) {
      if (waiting) onFirst();
      waiting = false;
      answer.add(event);
      await display.event(event);
    }
  } catch (thrown) {
    failure = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  if (waiting) onFirst();
  await display.end(failure === undefined);
  return { answer: answer.close(), ms: performance.now() - started, failure };
}
