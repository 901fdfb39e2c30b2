import type { BlockOf, ChatRequest } from "../../../core/chat.ts";

/** What the conversation so far means for tools and thinking. */
export type History = {
  /** Names of all tools that were called, in order of appearance. */
  calledNames: readonly string[];
  hasToolBlocks: boolean;
  /** The last assistant turn calls tools and does not begin with thinking that can be replayed (mapping B.9.3 rule 5). */
  unsignedCalls: boolean;
  /** The last turn is the assistant's: it is to be continued. */
  endsWithAssistant: boolean;
};

export function historyOf(request: ChatRequest): History {
  const names = new Set<string>();
  let hasToolBlocks = false;
  let unsignedCalls = false;
  let last: "user" | "assistant" = "user";
  for (const message of request.messages) {
    if (message.role === "system") continue;
    let calls = false;
    let signed = false;
    let filled = false;
    for (const block of message.content) {
      if (block.type === "tool-call") {
        names.add(block.name);
        calls = true;
      } else if (block.type === "tool-result") hasToolBlocks = true;
      else if (block.type === "reasoning" && isReplayable(block)) signed = true;
      filled ||= block.type !== "text" || block.text.trim() !== "";
    }
    hasToolBlocks ||= calls;
    if (message.role === "assistant") unsignedCalls = calls && !signed;
    if (filled) last = message.role;
  }
  return { calledNames: [...names], hasToolBlocks, unsignedCalls, endsWithAssistant: last === "assistant" };
}

/** Thinking that came with a signature, or redacted: anything else must not be sent back (mapping B.4). */
export function isReplayable(block: BlockOf<"reasoning">): boolean {
  return block.redacted !== undefined || (block.signature !== undefined && block.signature !== "");
}
