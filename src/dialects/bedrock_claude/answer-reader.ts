import { GatewayError } from "../../core/error.ts";
import type { Block, ReplyMeta, Usage } from "../../core/chat.ts";
import type { ChatEvent } from "../../core/events.ts";
import { isObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { decodeCitation } from "./citation.ts";
import { errorOf } from "./error.ts";
import { olderAnswer } from "./older-answer.ts";
import { grow, impliedType, indexOf, type Open, rest } from "./open-block.ts";
import { decodeFinish } from "./stop-reason.ts";
import { decodeUsage, metricsOf } from "./usage.ts";
import { own } from "./wire.ts";

/** Fields that the end of an answer brings. They stand at the top of a whole one. */
const tailKeys = ["stop_details", "container", "context_management"] as const;

/** Reads the events of an Anthropic answer (mapping D.6). Whole answers are turned into the same events. */
export class AnswerReader {
  readonly #context: Context;
  readonly #open = new Map<number, Open>();
  #next = 0;
  #started = false;
  #done = false;
  #usage: JsonObject = {};
  #outputTold = false;
  #reason: string | undefined;
  #sequence: string | undefined;
  #guarded = false;
  #trace: Json | undefined;
  #tail: JsonObject = {};

  constructor(context: Context) {
    this.#context = context;
  }

  /** Throws what an `error` event says. */
  take(event: JsonObject, out: ChatEvent[]): void {
    if (this.#done) return;
    if (event["amazon-bedrock-guardrailAction"] === "INTERVENED") this.#guarded = true;
    this.#trace = event["amazon-bedrock-trace"] ?? this.#trace;
    switch (event["type"]) {
      case "content_block_delta":
        return this.#delta(event, out);
      case "content_block_start":
        return this.#start(indexOf(event), look.object(event, "content_block") ?? {}, out);
      case "content_block_stop":
        return this.#close(indexOf(event), out);
      case "message_start":
        return this.#begin(look.object(event, "message") ?? {}, out);
      case "message_delta":
        return this.#ending(event);
      case "message_stop":
        return this.#finish(event, out);
      case "error":
        throw errorOf(event);
      case "completion":
      case undefined:
        for (const each of olderAnswer(event) ?? []) this.take(each, out);
        return;
      default:
      // ping, and what is invented later.
    }
  }

  /** Throws `upstream_stream_truncated` when no message_stop came. */
  end(): void {
    if (!this.#done) throw GatewayError.truncated();
  }

  usageSoFar(): Usage | undefined {
    return Object.keys(this.#usage).length > 0 ? decodeUsage(this.#usage) : undefined;
  }

  #begin(message: JsonObject, out: ChatEvent[]): void {
    if (this.#started) return;
    this.#started = true;
    const { id, type: _, role: __, model: ___, content: ____, usage: _____, ...more } = message;
    const { stop_reason: ______, stop_sequence: _______, ...rest } = more;
    this.#count(look.object(message, "usage"));
    const fields = leftOver({ ...rest, ...Object.fromEntries(tailKeys.map((key) => [key, undefined])) });
    out.push({
      type: "message-start",
      id: typeof id === "string" ? id : "",
      model: this.#context.model,
      ...(fields && { extras: { from: own, fields } }),
    });
  }

  #start(at: number, block: JsonObject, out: ChatEvent[]): void {
    this.#begin({}, out);
    this.#close(at, out);
    const index = this.#next++;
    switch (block["type"]) {
      case "text": {
        this.#give(at, { kind: "text", index }, { type: "text", text: "", ...rest(block, ["text", "citations"]) }, out);
        const text = look.text(block, "text");
        if (text) out.push({ type: "block-delta", index, text });
        for (const citation of look.objects(block, "citations"))
          out.push({ type: "block-delta", index, citation: decodeCitation(citation) });
        return;
      }
      case "thinking": {
        const left = rest(block, ["thinking", "signature"]);
        this.#give(at, { kind: "thinking", index }, { type: "reasoning", text: "", ...left }, out);
        this.#thought(index, look.text(block, "thinking"), look.text(block, "signature"), out);
        return;
      }
      case "redacted_thinking": {
        const left = rest(block, ["data"]);
        this.#give(at, { kind: "thinking", index }, { type: "reasoning", text: "", ...left }, out);
        out.push({ type: "block-delta", index, redacted: look.text(block, "data") ?? "" });
        return;
      }
      case "tool_use": {
        const id = look.text(block, "id") || `toolu_${(this.#context.seed ?? "").slice(0, 20)}${index}`;
        const name = look.text(block, "name") ?? "";
        const left = rest(block, ["id", "name", "input"]);
        const open: Open = { kind: "tool", index, given: block["input"], filled: false };
        this.#give(at, open, { type: "tool-call", id, name, input: "", ...left }, out);
        return;
      }
      default:
        this.#open.set(at, { kind: "raw", index, block: { ...block }, json: "" });
    }
  }

  #give(at: number, open: Open, block: Block, out: ChatEvent[]): void {
    this.#open.set(at, open);
    out.push({ type: "block-start", index: open.index, block });
  }

  #thought(index: number, text: string | undefined, signature: string | undefined, out: ChatEvent[]): void {
    if (text) out.push({ type: "block-delta", index, text });
    if (signature) out.push({ type: "block-delta", index, signature });
  }

  #delta(event: JsonObject, out: ChatEvent[]): void {
    const delta = look.object(event, "delta");
    if (!delta) return;
    const at = indexOf(event);
    let open = this.#open.get(at);
    if (!open) {
      const type = impliedType(delta);
      if (!type) return;
      this.#start(at, { type }, out);
      open = this.#open.get(at);
      if (!open) return;
    }
    const { index } = open;
    switch (delta["type"]) {
      case "text_delta": {
        const text = look.text(delta, "text");
        if (text && open.kind === "text") out.push({ type: "block-delta", index, text });
        break;
      }
      case "thinking_delta":
      case "signature_delta":
        if (open.kind === "thinking")
          this.#thought(index, look.text(delta, "thinking"), look.text(delta, "signature"), out);
        break;
      case "input_json_delta":
        this.#fragment(open, look.text(delta, "partial_json") ?? "", out);
        break;
      case "citations_delta": {
        const citation = look.object(delta, "citation");
        if (citation && open.kind === "text")
          out.push({ type: "block-delta", index, citation: decodeCitation(citation) });
        break;
      }
      default:
        if (open.kind === "raw") grow(open.block, delta);
    }
  }

  #fragment(open: Open, input: string, out: ChatEvent[]): void {
    if (input === "") return;
    if (open.kind === "raw") open.json += input;
    else if (open.kind === "tool") {
      open.filled = true;
      out.push({ type: "block-delta", index: open.index, input });
    }
  }

  #close(at: number, out: ChatEvent[]): void {
    const open = this.#open.get(at);
    if (!open) return;
    this.#open.delete(at);
    const { index } = open;
    if (open.kind === "raw") {
      const raw = open.json === "" ? open.block : { ...open.block, input: parseJson(open.json) ?? open.json };
      out.push({ type: "block-start", index, block: { type: "opaque", from: own, raw } });
    } else if (open.kind === "tool" && !open.filled)
      out.push({ type: "block-delta", index, input: JSON.stringify(isObject(open.given) ? open.given : {}) });
    out.push({ type: "block-end", index });
  }

  #ending(event: JsonObject): void {
    const delta = look.object(event, "delta");
    this.#reason = look.text(delta, "stop_reason") ?? this.#reason;
    this.#sequence = look.text(delta, "stop_sequence") ?? this.#sequence;
    for (const key of tailKeys) {
      const value = delta && key in delta ? delta[key] : event[key];
      if (value !== undefined) this.#tail[key] = value;
    }
    const usage = look.object(event, "usage");
    if (look.number(usage, "output_tokens") !== undefined) this.#outputTold = true;
    this.#count(usage);
  }

  /** Counts are cumulative: a later one replaces an earlier one, `null` says nothing (mapping D.6: usage may be missing). */
  #count(usage: JsonObject | undefined): void {
    for (const key in usage) {
      const value = usage[key];
      if (value !== undefined && value !== null) this.#usage[key] = value;
    }
  }

  #finish(event: JsonObject, out: ChatEvent[]): void {
    this.#begin({}, out);
    for (const at of [...this.#open.keys()]) this.#close(at, out);
    this.#done = true;
    const { counts, latencyMs } = metricsOf(event);
    this.#usage = this.#outputTold ? { ...counts, ...this.#usage } : { ...this.#usage, ...counts };
    out.push({ type: "message-end", finish: decodeFinish(this.#reason, this.#sequence, this.#guarded) });
    const meta: ReplyMeta = {
      ...(latencyMs !== undefined && { latencyMs }),
      ...(this.#trace !== undefined && { trace: this.#trace }),
      ...(Object.keys(this.#tail).length > 0 && { extras: { from: own, fields: this.#tail } }),
    };
    const counted = Object.keys(this.#usage).length > 0;
    const known = Object.keys(meta).length > 0;
    if (counted || known)
      out.push({ type: "usage", ...(counted && { usage: decodeUsage(this.#usage) }), ...(known && { meta }) });
  }
}
