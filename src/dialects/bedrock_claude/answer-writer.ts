import type { Block, Finish, ReplyMeta, Usage } from "../../core/chat.ts";
import { joinBase64 } from "../../core/collect.ts";
import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { Serial } from "../serial.ts";
import { ownFields, toolInput, wireBlocks } from "./answer-blocks.ts";
import { encodeCitation } from "./citation.ts";
import { messageId } from "./message-id.ts";
import { encodeFinish } from "./stop-reason.ts";
import { encodeUsage, invocationMetrics } from "./usage.ts";
import { own } from "./wire.ts";

const ping: Frame = { event: "ping", data: '{"type":"ping"}' };

/**
 * Writes an answer as Anthropic's events (mapping D.5): dense indices, blocks one after the other, message_delta held
 * until the usage is known, message_stop only at the real end.
 */
export class AnswerWriter implements Stage<ChatEvent, Frame> {
  readonly #context: Context;
  readonly #serial = new Serial();
  #events: ChatEvent[] = [];
  /** The hub's block that is open, and whether the caller has seen it start. */
  #block: Block | undefined;
  #shown = false;
  #index = -1;
  #custom = "";
  #redacted: string[] = [];
  #refused = false;
  #finish: Finish | undefined;
  #usage: Usage | undefined;
  #meta: ReplyMeta | undefined;
  #told = false;

  constructor(context: Context) {
    this.#context = context;
  }

  push(event: ChatEvent, out: Frame[]): void {
    if (event.type === "block-delta" && this.#serial.isOpen(event.index)) return this.#grow(event, out);
    this.#serial.push(event, this.#events);
    for (const each of this.#events) this.#write(each, out);
    this.#events.length = 0;
  }

  end(out: Frame[]): void {
    if (!this.#finish) return;
    this.#delta(this.#finish, out);
    out.push(
      frame("message_stop", {
        type: "message_stop",
        ...invocationMetrics(this.#usage, this.#meta, this.#context.facts),
      }),
    );
  }

  #write(event: ChatEvent, out: Frame[]): void {
    switch (event.type) {
      case "block-delta":
        return this.#grow(event, out);
      case "block-start":
        this.#block = event.block;
        this.#shown = false;
        if (event.block.type === "refusal") this.#refused = true;
        if (event.block.type === "tool-call") this.#show(event.block, out);
        return;
      case "block-end":
        return this.#close(out);
      case "message-start":
        return this.#start(event, out);
      case "message-end":
        this.#finish = event.finish;
        return;
      case "usage":
        if (event.usage) this.#usage = event.usage;
        if (event.meta) this.#meta = { ...this.#meta, ...event.meta };
        if (this.#finish && event.usage) this.#delta(this.#finish, out);
        return;
      default:
        event satisfies never;
    }
  }

  /** Input tokens are not known yet on most upstreams: 0 here, the real numbers in message_delta. */
  #start(event: Extract<ChatEvent, { type: "message-start" }>, out: Frame[]): void {
    out.push(
      frame("message_start", {
        type: "message_start",
        message: {
          id: messageId(event.id, this.#context),
          type: "message",
          role: "assistant",
          model: this.#context.seed === undefined ? event.model || this.#context.model : this.#context.model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 0, output_tokens: 0 },
          ...(event.extras?.from === own && event.extras.fields),
        },
      }),
      ping,
    );
  }

  /** A block is shown with its first content: empty text is no block in this format. */
  #show(block: Block, out: Frame[]): void {
    if (this.#shown) return;
    this.#shown = true;
    this.#index++;
    out.push(this.#started({ ...opening(block), ...ownFields(block) }));
  }

  #started(content_block: JsonObject): Frame {
    return frame("content_block_start", { type: "content_block_start", index: this.#index, content_block });
  }

  #grow(delta: Extract<ChatEvent, { type: "block-delta" }>, out: Frame[]): void {
    const block = this.#block;
    if (!block) return;
    const { text, input, signature, redacted, citation } = delta;
    if (text) {
      this.#show(block, out);
      const thinking = block.type === "reasoning";
      out.push(this.#part(thinking ? "thinking_delta" : "text_delta", thinking ? "thinking" : "text", text));
    }
    if (input && block.type === "tool-call") {
      if (block.custom) this.#custom += input;
      else out.push(this.#part("input_json_delta", "partial_json", input));
    }
    if (signature !== undefined) {
      this.#show(block, out);
      out.push(this.#part("signature_delta", "signature", signature));
    }
    if (redacted !== undefined) this.#redacted.push(redacted);
    const wire = citation && encodeCitation(citation);
    if (wire) {
      this.#show(block, out);
      out.push(
        frame("content_block_delta", {
          type: "content_block_delta",
          index: this.#index,
          delta: { type: "citations_delta", citation: wire },
        }),
      );
    }
  }

  /** The hot path: written by hand, one string to escape. */
  #part(type: string, key: string, text: string): Frame {
    return {
      event: "content_block_delta",
      data: `{"type":"content_block_delta","index":${this.#index},"delta":{"type":"${type}","${key}":${JSON.stringify(text)}}}`,
    };
  }

  #close(out: Frame[]): void {
    const block = this.#block;
    this.#block = undefined;
    if (!block) return;
    if (block.type === "tool-call" && block.custom) {
      out.push(this.#part("input_json_delta", "partial_json", JSON.stringify(toolInput(this.#custom, true))));
      this.#custom = "";
    }
    if (this.#shown) out.push(this.#stopped());
    // Neither has a delta of its own: they come whole (mapping D.5).
    const whole =
      block.type === "opaque"
        ? wireBlocks(block)
        : this.#redacted.length > 0
          ? wireBlocks({ type: "reasoning", text: "", redacted: joinBase64(this.#redacted) })
          : [];
    this.#redacted = [];
    for (const wire of whole) {
      this.#index++;
      out.push(this.#started(wire), this.#stopped());
    }
  }

  #stopped(): Frame {
    return { event: "content_block_stop", data: `{"type":"content_block_stop","index":${this.#index}}` };
  }

  #delta(finish: Finish, out: Frame[]): void {
    if (this.#told) return;
    this.#told = true;
    const { context_management, ...details } = this.#meta?.extras?.from === own ? this.#meta.extras.fields : {};
    out.push(
      frame("message_delta", {
        type: "message_delta",
        delta: { ...encodeFinish(finish, this.#refused), ...details },
        usage: this.#usage ? encodeUsage(this.#usage, this.#context.facts) : { input_tokens: 0, output_tokens: 0 },
        ...(context_management !== undefined && { context_management }),
      }),
    );
  }
}

/** What a block's start shows: everything but its content. */
function opening(block: Block): JsonObject {
  switch (block.type) {
    case "tool-call":
      return { type: "tool_use", id: block.id, name: block.name, input: {} };
    case "reasoning":
      return { type: "thinking", thinking: "", signature: "" };
    default:
      return { type: "text", text: "" };
  }
}

function frame(event: string, data: JsonObject): Frame {
  return { event, data: JSON.stringify(data) };
}
