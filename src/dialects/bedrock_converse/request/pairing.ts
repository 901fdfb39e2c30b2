import type { Block, BlockOf, Message } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import { dotted, messageIndex, type Work } from "./work.ts";

/**
 * Checks that every tool call has its result right behind it and every result its call, before Bedrock does
 * (mapping B.5.5, D.1.2). Throws 400 in the caller's own dialect. Returns the results that a later one for
 * the same call replaces: they are left out.
 */
export function checkPairs(work: Work): ReadonlySet<Block> {
  const replaced = new Set<Block>();
  if (work.own) return replaced;
  const say = work.request.from === "bedrock_claude" ? claudeWords : openaiWords;
  let open: Open | undefined;
  for (const message of work.request.messages) {
    if (message.role === "system") continue;
    const results = message.content.filter((block) => block.type === "tool-result");
    const others = message.content.some((block) => block.type !== "tool-result");
    const ends = message.role === "assistant" || (say.oneTurnEach && results.length === 0 && others);
    if (open && ends) close(open, say);
    if (message.role === "assistant") {
      const calls = message.content.filter((block) => block.type === "tool-call");
      open =
        calls.length > 0 ? { message, calls, ids: new Set(calls.map(({ id }) => id)), results: new Map() } : undefined;
      continue;
    }
    for (const result of results) answer(open, result, message, replaced, work, say);
    if (open && others && say.oneTurnEach) {
      close(open, say);
      open = undefined;
    }
  }
  if (open) close(open, say);
  return replaced;
}

type Open = { message: Message; calls: BlockOf<"tool-call">[]; ids: ReadonlySet<string>; results: Map<string, Block> };
type Words = {
  /** Any other user turn ends the results; Claude joins neighbouring user turns first. */
  oneTurnEach: boolean;
  orphan(result: BlockOf<"tool-result">, message: Message): GatewayError;
  unanswered(message: Message, ids: string[]): GatewayError;
};

function answer(
  open: Open | undefined,
  result: BlockOf<"tool-result">,
  message: Message,
  replaced: Set<Block>,
  { losses }: Work,
  say: Words,
): void {
  if (!open?.ids.has(result.callId)) throw say.orphan(result, message);
  const earlier = open.results.get(result.callId);
  if (earlier) {
    replaced.add(earlier);
    losses.dropped(earlier.at, "second result for one tool call");
  }
  open.results.set(result.callId, result);
}

function close({ message, calls, results }: Open, say: Words): void {
  const missing = calls.filter((call) => !results.has(call.id)).map((call) => call.id);
  if (missing.length > 0) throw say.unanswered(message, missing);
}

/** OpenAI's own texts, its spelling included. */
const openaiWords: Words = {
  oneTurnEach: true,
  orphan: (result, message) =>
    GatewayError.invalid(
      `messages.[${messageIndex(result.at ?? message.at)}].role`,
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      null,
    ),
  unanswered: (message, ids) =>
    GatewayError.invalid(
      `messages.[${messageIndex(message.at)}].role`,
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
        `The following tool_call_ids did not have response messages: ${ids.join(", ")}`,
      null,
    ),
};

const claudeWords: Words = {
  oneTurnEach: false,
  orphan: (result, message) => {
    const path = dotted(result.at ?? message.at);
    return GatewayError.invalid(
      path,
      `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${result.callId}. ` +
        "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
    );
  },
  unanswered: (message, ids) => {
    const path = dotted(message.at);
    return GatewayError.invalid(
      path,
      `${path}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(", ")}. ` +
        "Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
    );
  },
};
