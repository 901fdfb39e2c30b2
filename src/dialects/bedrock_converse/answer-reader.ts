import type { Usage } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import type { ChatEvent } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { decodeTail, stopSequenceOf } from "./answer-meta.ts";
import { decodeCitation } from "./citation.ts";
import { FirstObject } from "./first-object.ts";
import { customInput, type OpenBlock } from "./open-block.ts";
import { blockOf, growRaw } from "./raw-block.ts";
import { decodeFinish } from "./stop-reason.ts";

/** The name of the tool that stands for structured output (mapping L.4). */
export const jsonTool = "json_response";

/** Reads the steps of a Converse answer, streamed or whole (mapping C.2–C.7). */
export class AnswerReader {
  readonly #context: Context;
  readonly #blocks = new Map<number, OpenBlock>();
  readonly #cut: FirstObject | undefined;
  #started = false;
  #next = 0;
  #calls = 0;
  #jsonSeen = false;
  /** Words beside the structured output's call: the answer only when that call never comes. */
  #held = "";
  #stopped = false;
  #metadata: JsonObject | undefined;
  #additional: JsonObject | undefined;
  #told = false;

  constructor(context: Context) {
    this.#context = context;
    if (context.memo?.json === "prompt") this.#cut = new FirstObject();
  }

  take(name: string, payload: JsonObject, out: ChatEvent[]): void {
    if (!this.#started) {
      this.#started = true;
      out.push({ type: "message-start", id: "", model: this.#context.model });
    }
    switch (name) {
      case "contentBlockDelta":
        if (this.#stopped) return;
        return this.#delta(indexOf(payload), look.object(payload, "delta"), out);
      case "contentBlockStart":
        if (this.#stopped) return;
        return this.#start(indexOf(payload), look.object(payload, "start"), out);
      case "contentBlockStop":
        return this.#close(indexOf(payload), out);
      case "messageStop":
        return this.#stop(payload, out);
      case "metadata":
        this.#metadata = payload;
        if (this.#stopped) this.#tail(out);
        return;
      default:
      // messageStart says nothing new; events invented later mean nothing here (mapping C.7 row 17).
    }
  }

  /** Throws `upstream_stream_truncated` when no messageStop came. */
  end(out: ChatEvent[]): void {
    if (!this.#stopped) throw GatewayError.truncated();
    this.#tail(out);
  }

  #start(at: number, start: JsonObject | undefined, out: ChatEvent[]): void {
    const key = start && Object.keys(start)[0];
    if (!start || key === undefined) return;
    this.#close(at, out);
    const call = look.object(start, "toolUse");
    if (call && call["type"] !== "server_tool_use") this.#startCall(at, call, out);
    else this.#blocks.set(at, { kind: "raw", index: this.#next++, block: structuredClone(start) });
  }

  #startCall(at: number, call: JsonObject, out: ChatEvent[]): void {
    const { memo, seed } = this.#context;
    const { toolUseId, name: wireName, input: _, ...rest } = call;
    const upstreamName = typeof wireName === "string" ? wireName : "";
    if (memo?.json === "tool" && upstreamName === jsonTool) {
      if (this.#jsonSeen) {
        this.#blocks.set(at, { kind: "skipped" });
        return;
      }
      this.#jsonSeen = true;
      this.#held = "";
      const index = this.#open({ type: "text", text: "" }, out);
      this.#blocks.set(at, { kind: "json", index, filled: false });
      return;
    }
    const number = this.#calls++;
    const id =
      typeof toolUseId === "string" && toolUseId !== "" ? toolUseId : `call_${(seed ?? "").slice(0, 20)}${number}`;
    const name = memo?.toolNames?.get(upstreamName) ?? upstreamName;
    const custom = memo?.customTools?.has(name) === true;
    const fields = leftOver(rest);
    const index = this.#open(
      {
        type: "tool-call",
        id,
        name,
        input: "",
        ...(custom && { custom }),
        ...(fields && { extras: { from: "bedrock_converse", fields } }),
      },
      out,
    );
    this.#blocks.set(at, custom ? { kind: "custom", index, input: "" } : { kind: "tool", index, filled: false });
  }

  #open(block: Extract<ChatEvent, { type: "block-start" }>["block"], out: ChatEvent[]): number {
    const index = this.#next++;
    out.push({ type: "block-start", index, block });
    return index;
  }

  #delta(at: number, delta: JsonObject | undefined, out: ChatEvent[]): void {
    if (!delta) return;
    const open = this.#blocks.get(at);
    if (open?.kind === "skipped") return;
    if (open?.kind === "raw") return growRaw(open.block, delta);
    const text = delta["text"];
    if (typeof text === "string") return this.#text(at, text, out);
    const input = look.text(look.object(delta, "toolUse"), "input");
    if (input !== undefined) return this.#input(open, input, out);
    const reasoning = look.object(delta, "reasoningContent");
    if (reasoning) return this.#reasoning(at, reasoning, out);
    const citation = look.object(delta, "citation");
    if (citation) {
      const index = this.#textBlock(at, out);
      out.push({ type: "block-delta", index, citation: decodeCitation(citation) });
    } else if ("image" in delta || "toolResult" in delta) {
      this.#close(at, out);
      this.#blocks.set(at, { kind: "raw", index: this.#next++, block: {} });
      this.#delta(at, delta, out);
    }
  }

  #text(at: number, text: string, out: ChatEvent[]): void {
    if (this.#context.memo?.json === "tool") {
      if (!this.#jsonSeen) this.#held += text;
      return;
    }
    const kept = this.#cut ? this.#cut.push(text) : text;
    if (kept === "" && this.#cut) return;
    const index = this.#textBlock(at, out);
    if (kept !== "") out.push({ type: "block-delta", index, text: kept });
  }

  /** Text and reasoning blocks have no start of their own (mapping C.7): the first delta opens them. */
  #textBlock(at: number, out: ChatEvent[]): number {
    const open = this.#blocks.get(at);
    if (open?.kind === "text") return open.index;
    this.#close(at, out);
    const index = this.#open({ type: "text", text: "" }, out);
    this.#blocks.set(at, { kind: "text", index });
    return index;
  }

  #input(open: OpenBlock | undefined, input: string, out: ChatEvent[]): void {
    if (input === "") return;
    if (open?.kind === "custom") open.input += input;
    else if (open?.kind === "tool") {
      open.filled = true;
      out.push({ type: "block-delta", index: open.index, input });
    } else if (open?.kind === "json") {
      open.filled = true;
      out.push({ type: "block-delta", index: open.index, text: input });
    }
  }

  #reasoning(at: number, delta: JsonObject, out: ChatEvent[]): void {
    let open = this.#blocks.get(at);
    if (open?.kind !== "reasoning") {
      this.#close(at, out);
      open = { kind: "reasoning", index: this.#open({ type: "reasoning", text: "" }, out) };
      this.#blocks.set(at, open);
    }
    const { index } = open;
    const text = look.text(delta, "text");
    const signature = look.text(delta, "signature");
    const redacted = look.text(delta, "redactedContent");
    if (text) out.push({ type: "block-delta", index, text });
    if (signature !== undefined) out.push({ type: "block-delta", index, signature });
    if (redacted !== undefined) out.push({ type: "block-delta", index, redacted });
  }

  #close(at: number, out: ChatEvent[]): void {
    const open = this.#blocks.get(at);
    if (!open) return;
    this.#blocks.delete(at);
    if (open.kind === "skipped") return;
    const { index } = open;
    if (open.kind === "raw") out.push({ type: "block-start", index, block: blockOf(open.block) });
    // Clients parse the arguments: a call without any has an empty object (mapping C.7 row 11).
    else if (open.kind === "tool" && !open.filled) out.push({ type: "block-delta", index, input: "{}" });
    else if (open.kind === "json" && !open.filled) out.push({ type: "block-delta", index, text: "{}" });
    else if (open.kind === "custom" && open.input !== "")
      out.push({ type: "block-delta", index, input: customInput(open.input) });
    out.push({ type: "block-end", index });
  }

  usageSoFar(): Usage | undefined {
    return decodeTail(this.#metadata, undefined)?.usage;
  }

  #stop(payload: JsonObject, out: ChatEvent[]): void {
    if (this.#stopped) return;
    for (const at of [...this.#blocks.keys()]) this.#close(at, out);
    const rest = this.#cut ? this.#cut.rest() : this.#held;
    if (rest !== "") {
      const index = this.#open({ type: "text", text: "" }, out);
      out.push({ type: "block-delta", index, text: rest }, { type: "block-end", index });
    }
    this.#additional = look.object(payload, "additionalModelResponseFields");
    const raw = look.text(payload, "stopReason");
    this.#stopped = true;
    out.push({ type: "message-end", finish: decodeFinish(raw, stopSequenceOf(this.#additional), this.#calls) });
    // Metadata may come before messageStop: usage stands behind the end all the same (mapping A.1).
    if (this.#metadata) this.#tail(out);
  }

  #tail(out: ChatEvent[]): void {
    if (this.#told) return;
    this.#told = true;
    const event = decodeTail(this.#metadata, this.#additional);
    if (event) out.push(event);
  }
}

function indexOf(payload: JsonObject): number {
  return look.number(payload, "contentBlockIndex") ?? 0;
}
