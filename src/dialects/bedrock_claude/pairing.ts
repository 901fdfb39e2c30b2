import type { Block, Message } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { dotted } from "./wire.ts";

type Turn = { role: Message["role"]; blocks: Block[]; last: Message };

/** Every tool_use has its tool_result in the next turn and the other way round (mapping D.1.2). Throws 400 otherwise. */
export function checkPairing(messages: readonly Message[]): void {
  const turns = turnsOf(messages);
  for (const [i, turn] of turns.entries()) {
    if (turn.role === "user") checkResults(turn, turns[i - 1]);
    else checkCalls(turn, turns[i + 1]);
  }
}

/** Neighbouring messages of one role are one turn. */
function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    const turn = turns.at(-1);
    if (turn?.role === message.role) {
      for (const block of message.content) turn.blocks.push(block);
      turn.last = message;
    } else turns.push({ role: message.role, blocks: [...message.content], last: message });
  }
  return turns;
}

function checkResults(turn: Turn, before: Turn | undefined): void {
  const calls = new Set(before?.blocks.map((block) => (block.type === "tool-call" ? block.id : undefined)));
  for (const block of turn.blocks) {
    if (block.type !== "tool-result" || calls.has(block.callId)) continue;
    const path = dotted(block.at ?? "messages");
    throw GatewayError.invalid(
      path,
      `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.callId}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
    );
  }
}

function checkCalls(turn: Turn, after: Turn | undefined): void {
  const results = new Set(after?.blocks.map((block) => (block.type === "tool-result" ? block.callId : undefined)));
  const open = turn.blocks.flatMap((block) => (block.type === "tool-call" && !results.has(block.id) ? [block.id] : []));
  if (open.length === 0) return;
  const path = dotted(turn.last.at ?? "messages");
  throw GatewayError.invalid(
    path,
    `${path}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
  );
}
