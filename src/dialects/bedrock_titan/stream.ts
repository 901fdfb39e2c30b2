import type { Finish, ReplyMeta, Usage } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import { decodeAwsException } from "../aws/error.ts";
import { exceptionName } from "../aws/exception-name.ts";
import type { Context, Dialect } from "../dialect.ts";
import { frameJson } from "../frame-json.ts";
import { AnswerReader } from "./answer-reader.ts";
import { completionReasons } from "./completion-reason.ts";
import { inputTokens } from "./input-tokens.ts";
import { invocationMetrics, titan } from "./wire.ts";

const done: Frame = { data: "[DONE]" };

/** Chunks of InvokeModelWithResponseStream to events (mapping E.6). */
class Decoder implements Stage<Frame, ChatEvent> {
  readonly #reader: AnswerReader;

  constructor(context: Context) {
    this.#reader = new AnswerReader(context);
  }

  push(frame: Frame, out: ChatEvent[]): void {
    if (frame.exception !== undefined) throw decodeAwsException(frame.exception, frame.data);
    if (frame.data === done.data) return;
    const chunk = frameJson(frame.data);
    const name = chunk["__type"];
    if (typeof name === "string") throw decodeAwsException(name, frame.data);
    this.#reader.chunk(chunk, out);
  }

  end(out: ChatEvent[]): void {
    this.#reader.end(out);
  }
}

/** Events to the SSE form of Titan's chunks (mapping E.5): a chunk a text delta, one with the counts at the end. */
class Encoder implements Stage<ChatEvent, Frame> {
  /** Indices of open blocks that have no place in a Titan answer. */
  readonly #mute = new Set<number>();
  #usage: Usage | undefined;
  #meta: ReplyMeta | undefined;
  #finish: Finish | undefined;
  #closed = false;

  push(event: ChatEvent, out: Frame[]): void {
    switch (event.type) {
      case "block-delta":
        if (event.text !== undefined && !this.#mute.has(event.index)) this.#text(event.text, out);
        return;
      case "block-start":
        if (event.block.type !== "text" && event.block.type !== "refusal") this.#mute.add(event.index);
        return;
      case "block-end":
        this.#mute.delete(event.index);
        return;
      case "message-start":
        return;
      case "message-end":
        this.#finish = event.finish;
        return;
      case "usage":
        if (event.usage) this.#usage = event.usage;
        if (event.meta) this.#meta = { ...this.#meta, ...event.meta };
        // Usage behind the end mark is the whole: Converse sends it there. Usage before it may still grow.
        if (this.#finish && event.usage) this.#close(this.#finish, out);
        return;
      default:
        event satisfies never;
    }
  }

  end(out: Frame[]): void {
    if (!this.#finish) throw GatewayError.truncated();
    this.#close(this.#finish, out);
    out.push(done);
  }

  /** Nothing follows it, no `[DONE]` either (mapping E.7). */
  fail(error: GatewayError): Frame[] {
    return [{ data: JSON.stringify({ message: error.message, __type: exceptionName(error) }) }];
  }

  #text(outputText: string, out: Frame[]): void {
    if (outputText === "") return;
    // The hot path: written by hand, one string to escape.
    out.push({ data: `${beforeText}${JSON.stringify(outputText)},"completionReason":null}` });
  }

  #close(finish: Finish, out: Frame[]): void {
    if (this.#closed) return;
    this.#closed = true;
    const input = this.#usage ? inputTokens(this.#usage) : 0;
    const output = this.#usage?.output ?? 0;
    const own = this.#meta?.extras?.from === titan ? this.#meta.extras.fields : undefined;
    out.push(
      frame({
        index: 0,
        inputTextTokenCount: input,
        totalOutputTextTokenCount: output,
        outputText: "",
        completionReason: completionReasons[finish.reason],
        [invocationMetrics]: {
          inputTokenCount: input,
          outputTokenCount: output,
          invocationLatency: this.#meta?.latencyMs ?? null,
          firstByteLatency: own?.["firstByteLatency"] ?? null,
        },
      }),
    );
  }
}

/** `index` is the result's, not a counter; the counts are not known before the end. */
const beforeText = '{"index":0,"inputTextTokenCount":null,"totalOutputTextTokenCount":null,"outputText":';

function frame(value: JsonObject): Frame {
  return { data: JSON.stringify(value) };
}

export const stream: Dialect["stream"] = {
  decoder: (context) => new Decoder(context),
  encoder: () => new Encoder(),
  named: (upstream) => upstream,
  endMark: `data: ${done.data}\n\n`,
  doneMark: false,
  heartbeat: ": keep-alive\n\n",
};
