import type { Block, ChatResponse, Extras } from "./chat.ts";
import type { ChatEvent } from "./events.ts";
import { GatewayError } from "./error.ts";

/**
 * Folds a stream of events into the whole answer: the only way a whole answer is made (design.md section 11, law *fold*).
 * Throws `upstream_stream_truncated` when there is no message-end: an answer without an end is no answer.
 */
export function collect(events: Iterable<ChatEvent>): ChatResponse {
  const fold = folder();
  for (const event of events) fold.add(event);
  return fold.finish();
}

/** The incremental form of `collect`. */
export function folder(): { add(event: ChatEvent): void; finish(): ChatResponse } {
  let start: ({ id: string; model: string } & Extras) | undefined;
  let finish: ChatResponse["finish"] | undefined;
  let usage: ChatResponse["usage"];
  let meta: ChatResponse["meta"];
  const order: Open[] = [];
  const open = new Map<number, Open>();
  return {
    add(event) {
      switch (event.type) {
        case "message-start":
          start = { id: event.id, model: event.model, ...(event.extras && { extras: event.extras }) };
          return;
        case "block-start": {
          const entry: Open = { block: { ...event.block }, redacted: [] };
          order.push(entry);
          open.set(event.index, entry);
          return;
        }
        case "block-delta": {
          const entry = open.get(event.index);
          if (entry) apply(entry, event);
          return;
        }
        case "block-end":
          open.delete(event.index);
          return;
        case "message-end":
          finish = event.finish;
          return;
        case "usage":
          if (event.usage) usage = event.usage;
          if (event.meta) meta = meta ? { ...meta, ...event.meta } : event.meta;
          return;
        default:
          event satisfies never;
      }
    },
    finish() {
      if (!finish) throw GatewayError.truncated();
      const response: ChatResponse = {
        id: start?.id ?? "",
        model: start?.model ?? "",
        finish,
        content: order.map(close),
      };
      if (start?.extras) response.extras = start.extras;
      if (usage) response.usage = usage;
      if (meta) response.meta = meta;
      return response;
    },
  };
}

type Open = { block: Block; redacted: string[] };
type Delta = Extract<ChatEvent, { type: "block-delta" }>;

function apply(entry: Open, delta: Delta): void {
  const block = entry.block;
  if (delta.text !== undefined && (block.type === "text" || block.type === "reasoning" || block.type === "refusal"))
    block.text += delta.text;
  if (delta.input !== undefined && block.type === "tool-call") block.input += delta.input;
  if (delta.citation && block.type === "text") block.citations = [...(block.citations ?? []), delta.citation];
  if (block.type !== "reasoning") return;
  if (delta.signature !== undefined) block.signature = (block.signature ?? "") + delta.signature;
  if (delta.redacted !== undefined) entry.redacted.push(delta.redacted);
}

/** Redacted fragments are base64 of byte fragments: they are joined as bytes (mapping C.5). */
function close({ block, redacted }: Open): Block {
  if (block.type !== "reasoning" || redacted.length === 0) return block;
  return { ...block, redacted: joinBase64([block.redacted ?? "", ...redacted]) };
}

/** Joins base64 texts as the bytes they stand for. */
export function joinBase64(parts: readonly string[]): string {
  const filled = parts.filter((part) => part !== "");
  if (filled.length <= 1) return filled[0] ?? "";
  if (filled.slice(0, -1).every((part) => part.length % 4 === 0 && !part.endsWith("="))) return filled.join("");
  const bytes = filled.map((part) => Uint8Array.fromBase64(part));
  const joined = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of bytes) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined.toBase64();
}
