import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import { isObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { frameJson } from "../frame-json.ts";
import { AnswerReader } from "./answer-reader.ts";
import { streamError } from "./error.ts";

/** Chunks to events (mapping G.6, G.7). Throws the upstream's own error, and `upstream_stream_truncated` at the end. */
export class StreamDecoder implements Stage<Frame, ChatEvent> {
  readonly #reader: AnswerReader;

  constructor(context: Context) {
    this.#reader = new AnswerReader(context);
  }

  push(frame: Frame, out: ChatEvent[]): void {
    const data = frame.data;
    if (data === "[DONE]") return this.#reader.done();
    if (data.trim() === "") return;
    const chunk = frameJson(data);
    const error = chunk["error"];
    if (error !== undefined && error !== null) throw streamError(error);
    if (frame.event === "error") throw streamError(isObject(chunk) ? chunk : data);
    this.#reader.chunk(chunk, out);
  }

  end(out: ChatEvent[]): void {
    this.#reader.end(out);
  }
}
