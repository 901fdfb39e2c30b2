import { GatewayError } from "../../../core/error.ts";
import { piecesOf, type Shared } from "./blocks.ts";
import { type Piece, textPiece, type Turn } from "./turn.ts";
import type { Work } from "./work.ts";

/** Texts that we add where Converse wants a turn or words (mapping L.4). */
const beginText = "Begin.";
const continueText = "Continue.";
const documentText = "See the attached document.";
/** Most images and documents of one message (mapping B.7). */
const mostImages = 20;
const mostDocuments = 5;

/**
 * The conversation as Converse wants it: turns alternate, begin with the user, results stand first and in call order
 * (mapping B.3, normative). `prefill`: a trailing assistant turn may stay.
 */
export function turnsOf(work: Work, shared: Shared, prefill: boolean): Turn[] {
  const turns: Turn[] = [];
  for (const message of work.request.messages) {
    if (message.role === "system") continue;
    const pieces = piecesOf(message, work, shared);
    if (pieces.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === message.role) for (const piece of pieces) last.pieces.push(piece);
    else turns.push({ role: message.role, pieces });
  }
  for (const [i, turn] of turns.entries()) if (turn.role === "user") resultsFirst(turn, turns[i - 1]);
  if (turns[0]?.role !== "user") turns.unshift({ role: "user", pieces: [textPiece(beginText)] });
  finishTrailing(turns, work, prefill);
  for (const turn of turns) {
    if (turn.role !== "user") continue;
    addWords(turn);
    checkCounts(turn);
  }
  return work.facts.textAfterResults ? turns : turns.flatMap(apart);
}

/** Stable: Claude wants every result before any words, in the order of the calls (trap T-02). */
function resultsFirst(turn: Turn, before: Turn | undefined): void {
  if (!turn.pieces.some((piece) => piece.kind === "result")) return;
  const calls = new Map<string | undefined, number>();
  for (const piece of before?.pieces ?? []) {
    if (piece.kind === "call" && !calls.has(piece.callId)) calls.set(piece.callId, calls.size);
  }
  const rank = (piece: Piece): number => (piece.kind === "result" ? (calls.get(piece.callId) ?? -1) : calls.size);
  turn.pieces = turn.pieces
    .map((piece) => ({ piece, rank: rank(piece) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ piece }) => piece);
}

/** Step 3: a trailing assistant turn is continued by models that can, answered by a word of ours for those that cannot. */
function finishTrailing(turns: Turn[], work: Work, prefill: boolean): void {
  const last = turns.at(-1);
  if (last?.role !== "assistant") return;
  if (prefill) {
    trimEnd(last);
    if (last.pieces.length > 0) return;
    turns.pop();
    if (turns.length === 0) turns.push({ role: "user", pieces: [textPiece(beginText)] });
    return;
  }
  // Claude's callers know the rule and get the model's own 400.
  if (work.request.from !== "bedrock_claude") turns.push({ role: "user", pieces: [textPiece(continueText)] });
}

/** "final assistant content cannot end with trailing whitespace" */
function trimEnd(turn: Turn): void {
  const piece = turn.pieces.at(-1);
  const text = piece?.wire["text"];
  if (!piece || typeof text !== "string") return;
  const trimmed = text.trimEnd();
  if (trimmed === "") turn.pieces.pop();
  else turn.pieces[turn.pieces.length - 1] = { ...piece, wire: { text: trimmed } };
}

/** Step 4: a document needs words beside it; tool results do not count (trap T-42). */
function addWords(turn: Turn): void {
  if (!turn.pieces.some((piece) => piece.kind === "document")) return;
  if (turn.pieces.some((piece) => piece.kind === "text")) return;
  const at = turn.pieces.findIndex((piece) => piece.kind !== "result");
  turn.pieces.splice(at, 0, textPiece(documentText));
}

function checkCounts(turn: Turn): void {
  if (turn.pieces.length <= mostDocuments) return;
  const over = (kind: "image" | "document", most: number): void => {
    const found = turn.pieces.filter((piece) => piece.kind === kind);
    if (found.length <= most) return;
    throw GatewayError.invalid(
      found[most]?.at ?? "messages",
      `This model takes at most ${most} ${kind}s in one message, but got ${found.length}.`,
      "array_above_max_length",
    );
  };
  over("image", mostImages);
  over("document", mostDocuments);
}

/** Words behind results become a turn of their own, for models that refuse both in one (mapping B.12, trap T-03). */
function apart(turn: Turn): Turn[] {
  const results = turn.pieces.filter((piece) => piece.kind === "result");
  if (results.length === 0 || results.length === turn.pieces.length) return [turn];
  return [
    { role: "user", pieces: results },
    { role: "assistant", pieces: [textPiece("…")] },
    { role: "user", pieces: turn.pieces.filter((piece) => piece.kind !== "result") },
  ];
}
