import { GatewayError } from "../../../core/error.ts";
import { located, loseCache, type Marked } from "./cache.ts";
import { textPiece, type Turn } from "./turn.ts";
import { guarded } from "../wire.ts";
import type { Work } from "./work.ts";

/**
 * All system turns, hoisted in order, one block per text (mapping B.2). A turn that stood behind others is a loss: it moved.
 * `lines` are instructions of ours that come last.
 */
export function systemOf(work: Work, lines: readonly string[]): Marked[] {
  const { request, facts, losses } = work;
  const system: Marked[] = [];
  let talked = false;
  for (const message of request.messages) {
    if (message.role !== "system") {
      talked = true;
      continue;
    }
    let said = false;
    for (const block of message.content) {
      if (block.type !== "text") {
        throw GatewayError.invalid(
          block.at ?? message.at ?? null,
          "System messages can only hold text for this model.",
          "unsupported_value",
        );
      }
      const cache = located(block);
      if (block.text.trim() === "") {
        loseCache(cache, block.at, work);
        continue;
      }
      said = true;
      const text = block.text.toWellFormed();
      const wire = block.guard && facts.system ? guarded("text", { text }) : { text };
      const cached = cache && facts.cache && facts.system;
      if (!cached) loseCache(cache, block.at, work);
      system.push({ wire, ...(block.at !== undefined && { at: block.at }), ...(cached && { cache }) });
    }
    if (said && (talked || !facts.system)) losses.approximated(message.at, "system turn moved");
  }
  return [...system, ...lines.map((text) => ({ wire: { text } }))];
}

/** For models without system prompts: all of it as the first block of the first user turn (mapping B.2, K35). */
export function foldSystem(system: readonly Marked[], turns: readonly Turn[]): void {
  if (system.length === 0) return;
  const text = system.map(({ wire }) => textOf(wire)).join("\n\n");
  turns[0]?.pieces.unshift(textPiece(`${text}\n\n`));
}

function textOf(wire: Marked["wire"]): string {
  const text = wire["text"];
  return typeof text === "string" ? text : "";
}
