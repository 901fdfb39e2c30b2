import type { Frame, Stage } from "../core/events.ts";

/** The framing codecs, handed in so that the gateway needs no I/O module. `maxBytes` bounds one frame or event. */
export type Framings = {
  sse(maxBytes: number): Stage<Uint8Array, Frame>;
  aws(maxBytes: number): Stage<Uint8Array, Frame>;
  sseText(frame: Frame): string;
};
