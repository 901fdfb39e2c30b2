import type { Block } from "../../core/chat.ts";
import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { Serial } from "../serial.ts";
import { wireBlocks } from "./answer-blocks.ts";
import { encodeTail } from "./answer-meta.ts";
import { encodeCitation } from "./citation.ts";
import { encodeFinish } from "./stop-reason.ts";

type Usage = Extract<ChatEvent, { type: "usage" }>;

/** Writes an answer as ConverseStream's events: no start for text and reasoning, metadata behind messageStop (mapping C.7). */
export class AnswerWriter implements Stage<ChatEvent, Frame> {
  readonly #serial = new Serial();
  #events: ChatEvent[] = [];
  #index = -1;
  #custom: string | undefined;
  #reasoning = false;
  /** A text block without text has no event yet: it would vanish. */
  #blank = false;
  #finish: Extract<ChatEvent, { type: "message-end" }> | undefined;
  #tail: Omit<Usage, "type"> = {};

  push(event: ChatEvent, out: Frame[]): void {
    this.#serial.push(event, this.#events);
    for (const each of this.#events) this.#write(each, out);
    this.#events.length = 0;
  }

  end(out: Frame[]): void {
    if (!this.#finish) return;
    const { metadata, additional } = encodeTail(this.#tail);
    const sequence = this.#finish.finish.sequence;
    const fields = additional ?? (sequence !== undefined ? { delta: { stop_sequence: sequence } } : undefined);
    out.push(
      frame("messageStop", {
        stopReason: encodeFinish(this.#finish.finish),
        ...(fields && { additionalModelResponseFields: fields }),
      }),
    );
    if (Object.keys(metadata).length > 0) out.push(frame("metadata", metadata));
  }

  #write(event: ChatEvent, out: Frame[]): void {
    switch (event.type) {
      case "message-start":
        out.push(frame("messageStart", { role: "assistant" }));
        return;
      case "block-start":
        this.#index++;
        this.#reasoning = event.block.type === "reasoning";
        this.#blank = event.block.type === "text";
        this.#start(event.block, out);
        return;
      case "block-delta":
        this.#blank = false;
        this.#delta(event, out);
        return;
      case "block-end":
        if (this.#custom !== undefined)
          out.push(this.#frame({ toolUse: { input: JSON.stringify({ input: this.#custom }) } }));
        this.#custom = undefined;
        if (this.#blank) out.push(this.#frame({ text: "" }));
        out.push(frame("contentBlockStop", { contentBlockIndex: this.#index }));
        return;
      case "usage":
        this.#tail = {
          ...this.#tail,
          ...(event.usage && { usage: event.usage }),
          ...(event.meta && { meta: { ...this.#tail.meta, ...event.meta } }),
        };
        return;
      case "message-end":
        this.#finish = event;
        return;
      default:
        event satisfies never;
    }
  }

  #start(block: Block, out: Frame[]): void {
    if (block.type === "text" || block.type === "refusal" || block.type === "reasoning") return;
    if (block.type === "tool-call" && block.custom) this.#custom = "";
    const wire = wireBlocks(block)[0];
    const key = wire && Object.keys(wire)[0];
    const value = key === undefined ? undefined : wire?.[key];
    if (!wire || key === undefined) return;
    const contentBlockIndex = this.#index;
    if (key === "toolUse" && isObject(value)) {
      const { input, ...rest } = value;
      out.push(frame("contentBlockStart", { contentBlockIndex, start: { toolUse: rest } }));
      if (block.type === "opaque" && input !== undefined)
        out.push(this.#frame({ toolUse: { input: JSON.stringify(input) } }));
    } else if (key === "toolResult" && isObject(value)) {
      const { content, ...rest } = value;
      out.push(frame("contentBlockStart", { contentBlockIndex, start: { toolResult: rest } }));
      if (content !== undefined) out.push(this.#frame({ toolResult: content }));
    } else out.push(frame("contentBlockStart", { contentBlockIndex, start: wire }));
  }

  #delta(delta: Extract<ChatEvent, { type: "block-delta" }>, out: Frame[]): void {
    const { text, input, signature, redacted, citation } = delta;
    if (input !== undefined && this.#custom !== undefined) this.#custom += input;
    else if (input !== undefined) out.push(this.#frame({ toolUse: { input } }));
    if (text !== undefined) out.push(this.#frame(this.#reasoning ? { reasoningContent: { text } } : { text }));
    if (redacted !== undefined) out.push(this.#frame({ reasoningContent: { redactedContent: redacted } }));
    if (signature !== undefined) out.push(this.#frame({ reasoningContent: { signature } }));
    if (citation) out.push(this.#frame({ citation: encodeCitation(citation) }));
  }

  #frame(delta: JsonObject): Frame {
    return frame("contentBlockDelta", { contentBlockIndex: this.#index, delta });
  }
}

function frame(event: string, payload: JsonObject): Frame {
  return { event, data: JSON.stringify(payload) };
}
