import type { ChatResponse } from "../../src/core/chat.ts";
import { isObject } from "../../src/core/json.ts";

/** What an answer says, apart from how its blocks are cut: the thoughts, the words, the calls, why it ended, what it cost. */
export function said({ content, finish, usage }: ChatResponse): {
  thoughts: unknown[];
  words: string;
  calls: unknown[];
  reason: string;
  cost: number[];
} {
  return {
    thoughts: content.flatMap((block) =>
      block.type === "reasoning" ? [{ text: block.text, signature: block.signature }] : [],
    ),
    words: content.map((block) => (block.type === "text" || block.type === "refusal" ? block.text : "")).join(""),
    calls: content.flatMap((block) =>
      block.type === "tool-call" ? [{ id: block.id, name: block.name, input: parsed(block.input) }] : [],
    ),
    reason: refusals.has(finish.reason) ? "refused" : finish.reason,
    cost: [(usage?.input ?? 0) + (usage?.cacheRead ?? 0) + (usage?.cacheWrite ?? 0), usage?.output ?? 0],
  };
}

/** No format tells all of these apart (mapping D.4). */
const refusals: ReadonlySet<string> = new Set(["refusal", "content-filter", "guardrail"]);

function parsed(input: string): unknown {
  const value: unknown = input === "" ? {} : JSON.parse(input);
  return isObject(value) ? value : input;
}
