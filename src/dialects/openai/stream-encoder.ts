import type { Block, ChatResponse, Citation, Finish, ReplyMeta, Usage } from "../../core/chat.ts";
import { joinBase64 } from "../../core/collect.ts";
import type { GatewayError } from "../../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { ChunkFrames } from "./chunk-frame.ts";
import { encodeCitations } from "./citations.ts";
import { errorBody } from "./error.ts";
import { encodeFinish } from "./finish.ts";
import { callId } from "./ids.ts";
import { imageOf } from "./images.ts";
import { thinkingBlocks } from "./thinking-blocks.ts";
import { encodeUsage } from "./usage.ts";

/** A block under way, and what of it has to wait for its end. */
type Open =
  | { kind: "text"; from: number; citations: Citation[] }
  | { kind: "refusal" }
  | { kind: "reasoning"; text: string; signature: string | undefined; redacted: string[] }
  | { kind: "call"; place: number; custom: boolean; hidden: boolean; filled: boolean }
  | { kind: "image"; image: JsonObject }
  | { kind: "unseen" };
type Delta = Extract<ChatEvent, { type: "block-delta" }>;

/**
 * Events to `chat.completion.chunk`s (mapping C.7). The usage chunk and `[DONE]` come at the end of the input, and only
 * behind a real end of the message.
 */
export class StreamEncoder implements Stage<ChatEvent, Frame> {
  readonly #context: Context;
  #frames: ChunkFrames | undefined;
  readonly #open = new Map<number, Open>();
  /** The text block that grows: found without a look into the map. */
  #textIndex = -1;
  #length = 0;
  #calls = 0;
  #refused = false;
  #finish: Finish | undefined;
  #usage: Usage | undefined;
  #meta: ReplyMeta = {};

  constructor(context: Context) {
    this.#context = context;
  }

  push(event: ChatEvent, out: Frame[]): void {
    const frames = this.#frames ?? this.#start(event, out);
    switch (event.type) {
      case "message-start":
        return;
      case "block-start":
        this.#begin(event.index, event.block, frames, out);
        return;
      case "block-delta":
        if (event.index === this.#textIndex && event.text !== undefined && !event.citation) {
          if (event.text === "") return;
          this.#length += event.text.length;
          out.push(frames.text(event.text));
        } else this.#grow(event, frames, out);
        return;
      case "block-end":
        this.#close(event.index, frames, out);
        return;
      case "message-end":
        for (const index of [...this.#open.keys()]) this.#close(index, frames, out);
        this.#finish = event.finish;
        out.push(frames.finish(this.#reason(event.finish)));
        return;
      case "usage":
        this.#usage = event.usage ?? this.#usage;
        if (event.meta) this.#meta = { ...this.#meta, ...event.meta };
        return;
      default:
        event satisfies never;
    }
  }

  end(out: Frame[]): void {
    if (!this.#finish || !this.#frames) return;
    const { serviceTier, trace } = this.#meta;
    if (this.#context.includeUsage && this.#usage) {
      out.push(
        this.#frames.usage(encodeUsage(this.#usage), {
          ...(serviceTier !== undefined && { service_tier: serviceTier }),
          ...(trace !== undefined && { bedrock: { trace } }),
        }),
      );
    }
    out.push({ data: "[DONE]" });
  }

  fail(error: GatewayError): Frame[] {
    return [{ data: JSON.stringify(errorBody(error)) }];
  }

  #start(event: ChatEvent, out: Frame[]): ChunkFrames {
    const frames = new ChunkFrames(this.#context, event.type === "message-start" ? event.id : "");
    this.#frames = frames;
    out.push(frames.delta('{"role":"assistant","content":"","refusal":null}'));
    return frames;
  }

  #begin(index: number, block: Block, frames: ChunkFrames, out: Frame[]): void {
    switch (block.type) {
      case "text":
        this.#open.set(index, { kind: "text", from: this.#length, citations: [...(block.citations ?? [])] });
        this.#textIndex = index;
        if (block.text !== "") this.push({ type: "block-delta", index, text: block.text }, out);
        return;
      case "refusal":
        this.#refused = true;
        this.#open.set(index, { kind: "refusal" });
        return;
      case "reasoning":
        this.#open.set(index, { kind: "reasoning", text: "", signature: block.signature, redacted: [] });
        return;
      case "tool-call":
        this.#beginCall(index, block, frames, out);
        return;
      case "media": {
        const image = imageOf(block);
        this.#open.set(index, image ? { kind: "image", image } : { kind: "unseen" });
        return;
      }
      case "tool-result":
      case "search-result":
      case "opaque":
        this.#open.set(index, { kind: "unseen" });
        return;
      default:
        block satisfies never;
    }
  }

  /** The call's place is how many came before it, never the block's index (trap T-17). */
  #beginCall(index: number, block: Extract<Block, { type: "tool-call" }>, frames: ChunkFrames, out: Frame[]): void {
    const place = this.#calls++;
    const custom = block.custom === true;
    const hidden = this.#context.legacyFunctions === true && place > 0;
    this.#open.set(index, { kind: "call", place, custom, hidden, filled: false });
    if (hidden) return;
    const name = JSON.stringify(block.name);
    if (this.#context.legacyFunctions) {
      out.push(frames.delta(`{"function_call":{"name":${name},"arguments":""}}`));
      return;
    }
    const id = JSON.stringify(block.id || callId(this.#context, place));
    const inner = custom
      ? `"type":"custom","custom":{"name":${name},"input":""}`
      : `"type":"function","function":{"name":${name},"arguments":""}`;
    out.push(frames.delta(`{"tool_calls":[{"index":${place},"id":${id},${inner}}]}`));
  }

  #grow(delta: Delta, frames: ChunkFrames, out: Frame[]): void {
    const open = this.#open.get(delta.index);
    switch (open?.kind) {
      case "text":
        if (delta.text) {
          this.#length += delta.text.length;
          out.push(frames.text(delta.text));
        }
        if (delta.citation) open.citations.push(delta.citation);
        return;
      case "refusal":
        if (delta.text) out.push(frames.delta(`{"refusal":${JSON.stringify(delta.text)}}`));
        return;
      case "reasoning":
        if (delta.text) {
          open.text += delta.text;
          out.push(frames.delta(`{"reasoning_content":${JSON.stringify(delta.text)}}`));
        }
        if (delta.signature !== undefined) open.signature = (open.signature ?? "") + delta.signature;
        if (delta.redacted !== undefined) open.redacted.push(delta.redacted);
        return;
      case "call":
        if (delta.input) {
          open.filled = true;
          this.#input(open, delta.input, frames, out);
        }
        return;
      case "image":
      case "unseen":
      case undefined:
        return;
      default:
        open satisfies never;
    }
  }

  #input(call: Extract<Open, { kind: "call" }>, input: string, frames: ChunkFrames, out: Frame[]): void {
    if (call.hidden) return;
    const text = JSON.stringify(input);
    if (this.#context.legacyFunctions) out.push(frames.delta(`{"function_call":{"arguments":${text}}}`));
    else {
      const inner = call.custom ? `"custom":{"input":${text}}` : `"function":{"arguments":${text}}`;
      out.push(frames.delta(`{"tool_calls":[{"index":${call.place},${inner}}]}`));
    }
  }

  #close(index: number, frames: ChunkFrames, out: Frame[]): void {
    const open = this.#open.get(index);
    if (!open) return;
    this.#open.delete(index);
    if (index === this.#textIndex) this.#textIndex = -1;
    switch (open.kind) {
      case "text": {
        if (open.citations.length === 0) return;
        const { annotations, citations } = encodeCitations(open.citations, open.from, this.#length);
        if (annotations.length > 0) out.push(frames.delta(JSON.stringify({ annotations })));
        if (citations.length > 0) out.push(frames.delta(JSON.stringify({ citations })));
        return;
      }
      case "reasoning": {
        const { text, signature, redacted } = open;
        const blocks = thinkingBlocks({
          text,
          ...(signature !== undefined && { signature }),
          ...(redacted.length > 0 && { redacted: joinBase64(redacted) }),
        });
        if (blocks.length > 0) out.push(frames.delta(JSON.stringify({ thinking_blocks: blocks })));
        return;
      }
      case "call":
        // Clients parse the arguments: a call without any has an empty object (mapping C.7 row 11).
        if (!open.filled && !open.custom) this.#input(open, "{}", frames, out);
        return;
      case "image":
        out.push(frames.delta(JSON.stringify({ images: [open.image] })));
        return;
      case "refusal":
      case "unseen":
        return;
      default:
        open satisfies never;
    }
  }

  #reason(finish: ChatResponse["finish"]): string {
    const legacy = this.#context.legacyFunctions === true;
    return encodeFinish(finish, { calls: this.#calls, refused: this.#refused, legacy });
  }
}
