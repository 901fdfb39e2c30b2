import type { Extras, Finish, Usage } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { ChatEvent } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { look } from "../look.ts";
import { finishOf } from "./completion-reason.ts";
import { OutputCleaner } from "./output-cleaner.ts";
import { guardrailAction, guardrailTrace, invocationMetrics, titan } from "./wire.ts";

/** Turns the chunks of one Titan answer into events (mapping E.6). A whole answer is one chunk. */
export class AnswerReader {
  readonly #context: Context;
  readonly #cleaner: OutputCleaner | undefined;
  #started = false;
  #open = false;
  #ended = false;
  #intervened = false;
  #input: number | undefined;
  #output: number | undefined;

  constructor(context: Context) {
    this.#context = context;
    const memo = context.memo;
    this.#cleaner = memo && (memo.rendered || memo.stop?.length) ? new OutputCleaner(memo) : undefined;
  }

  /** `extras`: what a whole answer holds beside the known fields; `textExtras`: the same of its result. */
  chunk(chunk: JsonObject, out: ChatEvent[], extras?: Extras, textExtras?: Extras): void {
    if (!this.#started) {
      this.#started = true;
      out.push({ type: "message-start", id: "", model: this.#context.model, ...extras });
    }
    if (textExtras?.extras) this.#start(out, textExtras);
    if (chunk[guardrailAction] === "INTERVENED") this.#intervened = true;
    const text = chunk["outputText"];
    if (typeof text === "string" && !this.#ended) this.#text(this.#cleaner ? this.#cleaner.push(text) : text, out);
    this.#count(chunk, out);
    const reason = chunk["completionReason"];
    if (typeof reason === "string") this.#end(finishOf(reason), out);
  }

  /**
   * The end of the stream. An answer that a guardrail stopped has no completion reason, but the counts that only the
   * last chunk has (recorded); anything else without one was cut. Throws `upstream_stream_truncated`.
   */
  end(out: ChatEvent[]): void {
    if (this.#ended) return;
    if (!this.#intervened || this.#output === undefined) throw GatewayError.truncated();
    this.#end({ reason: "guardrail", raw: "INTERVENED" }, out);
  }

  #start(out: ChatEvent[], extras?: Extras): void {
    this.#open = true;
    out.push({ type: "block-start", index: 0, block: { type: "text", text: "", ...extras } });
  }

  #text(text: string, out: ChatEvent[]): void {
    if (text === "") return;
    if (!this.#open) this.#start(out);
    out.push({ type: "block-delta", index: 0, text });
  }

  /** Metrics are what is billed: they win over the counts (mapping E.6). */
  #count(chunk: JsonObject, out: ChatEvent[]): void {
    const metrics = look.object(chunk, invocationMetrics);
    const input = look.number(metrics, "inputTokenCount") ?? look.number(chunk, "inputTextTokenCount");
    const output = look.number(metrics, "outputTokenCount") ?? look.number(chunk, "totalOutputTextTokenCount");
    const trace = chunk[guardrailTrace];
    if (input === undefined && output === undefined && trace === undefined) return;
    this.#input = input ?? this.#input;
    this.#output = output ?? this.#output;
    const latency = look.number(metrics, "invocationLatency");
    const firstByte = look.number(metrics, "firstByteLatency");
    const known = latency !== undefined || trace !== undefined;
    out.push({
      type: "usage",
      ...((input !== undefined || output !== undefined) && { usage: this.#usage() }),
      ...(known && {
        meta: {
          ...(latency !== undefined && { latencyMs: latency }),
          ...(trace !== undefined && { trace }),
          ...(firstByte !== undefined && { extras: { from: titan, fields: { firstByteLatency: firstByte } } }),
        },
      }),
    });
  }

  #usage(): Usage {
    return { input: this.#input ?? 0, output: this.#output ?? 0 };
  }

  #end(told: Finish, out: ChatEvent[]): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#cleaner) this.#text(this.#cleaner.end(), out);
    if (this.#open) out.push({ type: "block-end", index: 0 });
    const guarded: Finish = { ...told, reason: "guardrail" };
    out.push({ type: "message-end", finish: this.#cleaner?.cut ?? (this.#intervened ? guarded : told) });
  }
}
