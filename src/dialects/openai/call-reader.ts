import type { ChatEvent } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { look } from "../look.ts";
import type { Blocks } from "./blocks.ts";
import { callId } from "./ids.ts";

/** A call under way. `index` is unset until its name is known: fragments wait in `input` (mapping G.6). */
type Call = { index: number | undefined; id: string; name: string; custom: boolean; input: string };

/** Tool calls of an answer: fragments belong together by their index and may interleave. */
export class CallReader {
  readonly #context: Context;
  readonly #blocks: Blocks;
  readonly #calls = new Map<number, Call>();
  /** Where fragments of an index go that was used for a second call. */
  readonly #moved = new Map<number, number>();

  constructor(context: Context, blocks: Blocks) {
    this.#context = context;
    this.#blocks = blocks;
  }

  get count(): number {
    return this.#calls.size;
  }

  /**
   * One entry of `tool_calls`. Compatible servers leave the index out or give all calls the same one: a new id with a
   * name of its own is a new call (mapping G.7). Some write the arguments as the object they are.
   */
  fragment(wire: JsonObject, out: ChatEvent[]): void {
    const inner = look.object(wire, "function") ?? look.object(wire, "custom");
    const id = look.text(wire, "id") ?? "";
    const name = look.text(inner, "name") ?? "";
    const place = this.#place(look.number(wire, "index") ?? this.#implied(id), id, name);
    const written = look.object(inner, "arguments");
    const input = written
      ? JSON.stringify(written)
      : (look.text(inner, "arguments") ?? look.text(inner, "input") ?? "");
    this.#grow(place, { id, name, custom: "custom" in wire, input }, out);
  }

  /** The deprecated `function_call`: one call, with a made id. */
  legacy(wire: JsonObject, out: ChatEvent[]): void {
    const name = look.text(wire, "name") ?? "";
    this.#grow(0, { id: "call_fn_0", name, custom: false, input: look.text(wire, "arguments") ?? "" }, out);
  }

  close(out: ChatEvent[]): void {
    for (const [, call] of [...this.#calls].toSorted(([a], [b]) => a - b)) {
      const index = call.index ?? this.#open(call, out);
      out.push({ type: "block-end", index });
    }
  }

  #implied(id: string): number {
    return id === "" ? Math.max(0, this.#calls.size - 1) : this.#calls.size;
  }

  /** The place of the call that a fragment with this index belongs to. */
  #place(index: number, id: string, name: string): number {
    const place = this.#moved.get(index) ?? index;
    const call = this.#calls.get(place);
    if (!call || id === "" || name === "" || call.id === "" || call.id === id) return place;
    let free = this.#calls.size;
    while (this.#calls.has(free)) free++;
    this.#moved.set(index, free);
    return free;
  }

  #grow(place: number, fragment: Omit<Call, "index">, out: ChatEvent[]): void {
    let call = this.#calls.get(place);
    if (!call) {
      call = { ...fragment, index: undefined, input: "" };
      this.#calls.set(place, call);
    } else {
      call.id ||= fragment.id;
      if (call.index === undefined) call.name += fragment.name;
    }
    if (call.index === undefined) {
      call.input += fragment.input;
      if (call.name !== "") this.#open(call, out);
    } else if (fragment.input !== "") out.push({ type: "block-delta", index: call.index, input: fragment.input });
  }

  #open(call: Call, out: ChatEvent[]): number {
    // A tool call ends the text before it (mapping G.6).
    this.#blocks.close(out);
    const id = call.id || callId(this.#context, this.#opened());
    const name = this.#context.memo?.toolNames?.get(call.name) ?? call.name;
    const index = this.#blocks.start(
      { type: "tool-call", id, name, input: "", ...(call.custom && { custom: true }) },
      out,
    );
    call.index = index;
    if (call.input !== "") out.push({ type: "block-delta", index, input: call.input });
    return index;
  }

  #opened(): number {
    let count = 0;
    for (const call of this.#calls.values()) if (call.index !== undefined) count++;
    return count;
  }
}
