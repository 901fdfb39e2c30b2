/** Answers and their events as fast-check makes them: what the hub can say and every dialect has words for. */
import fc from "fast-check";
import type { Block, ChatResponse, Finish, Usage } from "../../src/core/chat.ts";
import type { ChatEvent } from "../../src/core/events.ts";
import { unfold } from "../../src/core/unfold.ts";

/** Words, code, line breaks, characters of two code units, things that look like a wire format. */
const words = fc
  .array(
    fc.constantFrom("Hi", " there", "\n\n", '"', "\\", "{}", "é", "👋🏽", "data: [DONE]", "Bot:", "\u2028", "</x>"),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => `a${parts.join("")}z`);

const toolInput = fc
  .dictionary(
    fc.constantFrom("city", "unit", "n"),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  )
  .map((input) => JSON.stringify({ ...input }));

const text = words.map((it): Block => ({ type: "text", text: it }));
const reasoning = fc
  .record({ text: words, signature: fc.constantFrom("c2ln", "AAAA") })
  .map((it): Block => ({ type: "reasoning", ...it }));
const refusal = words.map((it): Block => ({ type: "refusal", text: it }));
const toolCall = fc
  .record({ id: fc.uuid().map((id) => `call_${id.replaceAll("-", "").slice(0, 20)}`), input: toolInput })
  .map((it): Block => ({ type: "tool-call", name: "get_weather", ...it }));

const usage: fc.Arbitrary<Usage> = fc.record(
  { input: fc.nat(1000), output: fc.nat(1000), cacheRead: fc.nat(1000) },
  { requiredKeys: ["input", "output"] },
);

const ends: fc.Arbitrary<Finish> = fc.constantFrom<Finish>({ reason: "stop" }, { reason: "length" });

/** A whole answer: thinking first, then words, then calls, as models do it. */
export const responses: fc.Arbitrary<ChatResponse> = fc
  .record({
    thoughts: fc.array(reasoning, { maxLength: 1 }),
    said: fc.oneof(fc.array(text, { maxLength: 3 }), fc.array(refusal, { minLength: 1, maxLength: 1 })),
    calls: fc.array(toolCall, { maxLength: 3 }),
    finish: ends,
    usage,
  })
  .map(({ thoughts, said, calls, finish, usage: counts }) => {
    const refused = said.some((block) => block.type === "refusal");
    const called = refused ? [] : calls;
    return {
      id: "upstream-id",
      model: "M",
      content: [...thoughts, ...said, ...called],
      finish: called.length > 0 ? { reason: "tool-calls" } : refused ? { reason: "refusal" } : finish,
      usage: counts,
    };
  });

/** The same answer as events whose deltas are cut where `cuts` says, the usage in front of the end or behind it. */
export function eventsOf(response: ChatResponse, cuts: readonly number[], early: boolean): ChatEvent[] {
  let next = 0;
  const events = unfold(response).flatMap((event): ChatEvent[] => {
    if (event.type !== "block-delta") return [event];
    const key = event.text !== undefined ? "text" : event.input !== undefined ? "input" : undefined;
    const whole = key && event[key];
    if (!key || !whole) return [event];
    const size = 1 + ((cuts[next++ % Math.max(1, cuts.length)] ?? 0) % 7);
    return chunks(whole, size).map((piece) => ({ ...event, [key]: piece }));
  });
  const at = events.findIndex((event) => event.type === "usage");
  if (!early || at < 0) return events;
  const [moved] = events.splice(at, 1);
  if (moved) events.splice(1, 0, moved);
  return events;
}

/** Pieces of `size` characters: a decoder never gets half of one. */
function chunks(whole: string, size: number): string[] {
  const characters = Array.from(whole);
  const pieces: string[] = [];
  for (let i = 0; i < characters.length; i += size) pieces.push(characters.slice(i, i + size).join(""));
  return pieces;
}

export const cutting = fc.array(fc.nat(20), { minLength: 1, maxLength: 5 });
