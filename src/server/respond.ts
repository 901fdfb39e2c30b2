import type { Answer } from "../gateway/answer.ts";
import type { Pump } from "../gateway/pump.ts";

/** An Answer as a Response. A stream's body is a generator: it is pulled at the caller's pace (design.md section 4.4). */
export function respond(answer: Answer): Response {
  // The platform's type of a body lacks generators, and shared memory never reaches this place.
  return new Response(("pump" in answer ? chunks(answer.pump) : answer.body) as BodyInit, answer);
}

async function* chunks(pump: Pump): AsyncGenerator<string | Uint8Array, void, undefined> {
  try {
    for (;;) {
      const chunk = await pump.next();
      if (chunk === undefined) return;
      yield chunk;
    }
  } finally {
    pump.cancel();
  }
}
