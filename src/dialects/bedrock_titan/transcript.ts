/** One turn of the plain-text form of a conversation. */
export type Turn = { role: "system" | "user" | "assistant"; text: string };

const label = "System|Instructions?|User|Human|Bot|Assistant";
const startsWithLabel = new RegExp(`^\\s*(?:${label}):`);
/** A bot turn that waits to be written. */
const endsOpen = /(?:^|\n)[ \t]*(?:Bot|Assistant):\s*$/;
/** Written without the flag `m`, for which `\r` and U+2028 begin lines too. */
const labelAtLineStart = new RegExp(`(?<![^\\n])[ \\t]*(${label}):`, "g");
/** Keeps a label inside content from being read as one (mapping E.3). */
const zeroWidthSpace = "\u200b";

const roles: Record<string, Turn["role"]> = {
  System: "system",
  Instruction: "system",
  Instructions: "system",
  User: "user",
  Human: "user",
  Bot: "assistant",
  Assistant: "assistant",
};

/**
 * The turns in a Titan prompt (mapping E.2). Text that is no transcript, or one without a user turn, is one user turn,
 * word for word.
 */
export function parseTranscript(inputText: string): Turn[] {
  const text = inputText.replaceAll("\r\n", "\n");
  const whole: Turn[] = [{ role: "user", text: inputText }];
  if (!startsWithLabel.test(text) || !endsOpen.test(text)) return whole;
  const turns: Turn[] = [];
  const labels = [...text.matchAll(labelAtLineStart)];
  for (const [i, found] of labels.entries()) {
    const content = text.slice(found.index + found[0].length, labels[i + 1]?.index ?? text.length).trim();
    const role = roles[found[1] ?? ""];
    if (role === undefined || content === "") continue;
    const last = turns.at(-1);
    if (last?.role === role) last.text += `\n\n${content}`;
    else turns.push({ role, text: content });
  }
  return turns.some((turn) => turn.role === "user") ? turns : whole;
}

/**
 * The prompt of a conversation (mapping E.3): one paragraph a turn, system first, then an open bot turn. A last
 * assistant turn is the beginning of the answer and stays open itself. Undefined when no turn has words.
 */
export function renderTranscript(turns: readonly Turn[]): string | undefined {
  const filled = turns.map(({ role, text }) => ({ role, text: text.trim() })).filter(({ text }) => text !== "");
  const system = filled.filter(({ role }) => role === "system").map(({ text }) => text);
  const talk = filled.filter(({ role }) => role !== "system");
  const paragraphs = talk.map(({ role, text }) => `${role === "user" ? "User" : "Bot"}: ${defused(text)}`);
  if (system.length > 0) paragraphs.unshift(`System: ${defused(system.join("\n\n"))}`);
  if (paragraphs.length === 0) return undefined;
  if (talk.at(-1)?.role !== "assistant") paragraphs.push("Bot:");
  return paragraphs.join("\n\n");
}

function defused(text: string): string {
  return text.replace(labelAtLineStart, (found) => `${found.slice(0, -1)}${zeroWidthSpace}:`);
}
