import type { Block } from "../../core/chat.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { own } from "./wire.ts";

/** What a content block of the stream is being read as. `index` is the hub's. */
export type Open =
  | { kind: "text" | "thinking"; index: number }
  /** `given` is the input that stood in the start event: it counts when no fragments follow. */
  | { kind: "tool"; index: number; given: Json | undefined; filled: boolean }
  /** Blocks the hub has no name for are collected and given whole. */
  | { kind: "raw"; index: number; block: JsonObject; json: string };

const implied: Readonly<Record<string, string>> = {
  text_delta: "text",
  thinking_delta: "thinking",
  signature_delta: "thinking",
};

/** The type of the block that a delta without a start belongs to. */
export function impliedType(delta: JsonObject): string | undefined {
  const type = delta["type"];
  return typeof type === "string" && Object.hasOwn(implied, type) ? implied[type] : undefined;
}

export function indexOf(event: JsonObject): number {
  return look.number(event, "index") ?? 0;
}

/** What a block holds beside its type and the named fields. */
export function rest(block: JsonObject, named: readonly string[]): Pick<Block, "extras"> {
  const fields = leftOver(
    Object.fromEntries(Object.entries(block).filter(([key]) => key !== "type" && !named.includes(key))),
  );
  return fields ? { extras: { from: own, fields } } : {};
}

/** Grows a block that nobody knows by a delta that nobody knows: text is joined, all else replaced. */
export function grow(block: JsonObject, delta: JsonObject): void {
  for (const [key, value] of Object.entries(delta)) {
    if (key === "type") continue;
    const before = block[key];
    block[key] = typeof before === "string" && typeof value === "string" ? before + value : value;
  }
}
