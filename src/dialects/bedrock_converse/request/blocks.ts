import type { Block, BlockOf, Message } from "../../../core/chat.ts";
import { GatewayError } from "../../../core/error.ts";
import type { JsonObject } from "../../../core/json.ts";
import { guarded, id } from "../wire.ts";
import { located, loseCache } from "./cache.ts";
import type { DocumentNames } from "./document-names.ts";
import { isReplayable } from "./history.ts";
import { mediaBlock } from "./media.ts";
import { toolId } from "./tool-ids.ts";
import type { ToolNames } from "./tool-names.ts";
import { toolResult } from "./tool-result.ts";
import { toolInput } from "./tool-input.ts";
import type { Piece } from "./turn.ts";
import { dotted, type Work } from "./work.ts";

/** What the blocks of one request share: names must agree and be unique across all of it. */
export type Shared = { tools: ToolNames; documents: DocumentNames; replaced: ReadonlySet<Block> };

/** The blocks of one message in Converse's form (mapping B.4, B.5.5, D.1.1). What has no place in it is a loss or a 400. */
export function piecesOf(message: Message, work: Work, shared: Shared): Piece[] {
  if (message.role === "user") refuseBlank(message, work);
  const exact = message.role === "assistant" && message.content.some((block) => isSigned(block, work));
  const pieces: Piece[] = [];
  for (const block of message.content) {
    if (shared.replaced.has(block)) continue;
    const piece = pieceOf(block, message, exact, work, shared);
    if (!piece) {
      loseCache(located(block), block.at, work);
      continue;
    }
    pieces.push(piece);
  }
  return pieces;
}

function pieceOf(block: Block, message: Message, exact: boolean, work: Work, shared: Shared): Piece | undefined {
  switch (block.type) {
    case "text":
      // Signed thinking vouches for the words around it: they stay as they were.
      if (block.text.trim() === "" && !(exact && block.text !== "")) return undefined;
      if (block.citations?.length) work.losses.dropped(block.at && `${block.at}.citations`, "citations in history");
      return marked(block, "text", textOf(block, block.text), work);
    case "refusal":
      return block.text.trim() === "" ? undefined : marked(block, "text", textOf(block, block.text), work);
    case "reasoning":
      return reasoningPiece(block, work);
    case "media": {
      if (message.role === "assistant") {
        throw GatewayError.invalid(
          block.at ?? message.at ?? null,
          "Images and documents can only be sent in user messages.",
          "unsupported_value",
        );
      }
      const { kind, wire } = mediaBlock(block, work, shared.documents);
      return marked(block, kind, block.guard && kind === "image" ? guardedImage(wire) : wire, work);
    }
    case "tool-call": {
      const callId = toolId(block.id, work.facts.toolIds);
      const toolUse = { toolUseId: callId, name: shared.tools.upstream(block.name), input: toolInput(block) };
      return { ...marked(block, "call", { toolUse }, work), callId };
    }
    case "tool-result": {
      const callId = toolId(block.callId, work.facts.toolIds);
      const wire = { toolResult: toolResult(block, callId, work, shared.documents) };
      return { ...marked(block, "result", wire, work), callId };
    }
    case "search-result":
      return marked(block, work.facts.searchResults ? "other" : "text", searchResult(block, work), work);
    case "opaque":
      if (block.from === id && typeof block.raw === "object" && block.raw !== null && !Array.isArray(block.raw))
        return marked(block, "other", block.raw, work);
      throw opaqueRefused(block, work);
    default:
      return block satisfies never;
  }
}

function marked(block: Block, kind: Piece["kind"], wire: JsonObject, work: Work): Piece {
  const piece: Piece = { kind, wire };
  if (block.at !== undefined) piece.at = block.at;
  if (!block.cache) return piece;
  const toolBlock = kind === "call" || kind === "result";
  // No cache point directly behind thinking (trap T-68), nor beside tool blocks where the model refuses it (B.10).
  if (!work.facts.cache || kind === "reasoning" || (toolBlock && !work.facts.cacheTools)) {
    loseCache(located(block), block.at, work);
    return piece;
  }
  const cache = located(block);
  return cache ? { ...piece, cache } : piece;
}

function textOf(block: Block, text: string): JsonObject {
  const clean = text.toWellFormed();
  if (!block.guard) return { text: clean };
  return guarded("text", {
    text: clean,
    ...(block.guard.qualifiers?.length && { qualifiers: block.guard.qualifiers }),
  });
}

function guardedImage(wire: JsonObject): JsonObject {
  return { guardContent: wire };
}

function isSigned(block: Block, { facts }: Work): boolean {
  return block.type === "reasoning" && facts.replayThinking === "all" && isReplayable(block);
}

/** Only thinking that its model can check goes back, and then to the byte (mapping B.4, traps T-71 to T-73). */
function reasoningPiece(block: BlockOf<"reasoning">, work: Work): Piece | undefined {
  const { replayThinking } = work.facts;
  if (block.redacted !== undefined && replayThinking !== "none") {
    return marked(block, "reasoning", { reasoningContent: { redactedContent: block.redacted } }, work);
  }
  if (replayThinking === "all" && block.redacted === undefined && isReplayable(block)) {
    const reasoningText = { text: block.text, signature: block.signature ?? "" };
    return marked(block, "reasoning", { reasoningContent: { reasoningText } }, work);
  }
  work.losses.dropped(block.at, "reasoning in history");
  return undefined;
}

/** Search results are Claude's; other models read them as text (mapping D.1.1). */
function searchResult(block: BlockOf<"search-result">, work: Work): JsonObject {
  const texts = block.content.filter((part) => part.type === "text").map(({ text }) => text.toWellFormed());
  if (work.facts.searchResults) {
    return {
      searchResult: {
        source: block.source,
        title: block.title,
        content: texts.map((text) => ({ text })),
        ...(block.citable !== undefined && { citations: { enabled: block.citable } }),
      },
    };
  }
  work.losses.approximated(block.at, "search result");
  const quoted = (text: string): string => text.replaceAll('"', "&quot;");
  return {
    text: `<search_result source="${quoted(block.source)}" title="${quoted(block.title)}">\n${texts.join("\n")}\n</search_result>`,
  };
}

/** Claude's own strictness stays: a message of blank text alone is an error there, silence elsewhere (mapping D.1.1). */
function refuseBlank(message: Message, { request }: Work): void {
  if (request.from !== "bedrock_claude" || message.content.length === 0) return;
  if (message.content.every((block) => block.type === "text" && block.text.trim() === "")) {
    throw GatewayError.invalid("messages", "messages: text content blocks must be non-empty");
  }
}

function opaqueRefused(block: BlockOf<"opaque">, { request }: Work): GatewayError {
  const type =
    typeof block.raw === "object" && block.raw !== null && !Array.isArray(block.raw) ? block.raw["type"] : "";
  const named = typeof type === "string" && type !== "" ? ` '${type}'` : "";
  if (request.from === "bedrock_claude") {
    const path = dotted(block.at);
    return GatewayError.invalid(path, `${path}:${named} is not supported for this model`, "unsupported_value");
  }
  return GatewayError.invalid(
    block.at ?? null,
    `Content of type${named} is not supported for this model.`,
    "unsupported_value",
  );
}
