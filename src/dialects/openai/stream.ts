import type { Dialect } from "../dialect.ts";
import { StreamDecoder } from "./stream-decoder.ts";
import { StreamEncoder } from "./stream-encoder.ts";

/** OpenAI's server-sent events: data lines only, closed by `[DONE]` (mapping 0.9, C.7). */
export const stream: Dialect["stream"] = {
  decoder: (context) => new StreamDecoder(context),
  encoder: (context) => new StreamEncoder(context),
  named: (frame) => frame,
  endMark: "",
  doneMark: true,
  heartbeat: ": keep-alive\n\n",
};
