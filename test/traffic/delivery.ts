/** Ways to hand a recorded answer over: the network may end a read anywhere. */
import { pieces, slices, whole } from "../fakes/http.ts";
import type { Step } from "../fakes/wire.ts";
import type { Delivery } from "./replay.ts";

/** A repeatable random stream, so that a failure can be found again (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lets the reader run before the next piece, so that two pieces are seldom one read. */
const breathe = (): Step => ({ until: new Promise((resolve) => setImmediate(resolve)) });

export const oneByteAtATime: Delivery = (answer) =>
  answer.streamed
    ? pieces(
        answer,
        slices(answer.bytes, () => 1),
        breathe,
      )
    : whole(answer, answer.bytes);

/** Pieces of random length, most of them shorter than an event-stream prelude. */
export function inRandomPieces(seed: number): Delivery {
  const random = randomFrom(seed);
  const size = (): number => (random() < 0.7 ? 1 + Math.floor(random() * 24) : 1 + Math.floor(random() * 2000));
  return (answer) =>
    answer.streamed ? pieces(answer, slices(answer.bytes, size), breathe) : whole(answer, answer.bytes);
}
