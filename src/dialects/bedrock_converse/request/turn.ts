import type { Marked } from "./cache.ts";

/** One block on its way, with what the rules about turns have to know of it. */
export type Piece = Marked & {
  kind: "text" | "image" | "document" | "audio" | "video" | "reasoning" | "call" | "result" | "other";
  /** The tool call's or result's id as the upstream gets it. */
  callId?: string;
};

export type Turn = { role: "user" | "assistant" | "system"; pieces: Piece[] };

/** A text that we add: no path of the caller's, no cache point. */
export function textPiece(text: string): Piece {
  return { kind: "text", wire: { text } };
}
