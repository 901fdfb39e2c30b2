import type { ChatRequest } from "../../../core/chat.ts";
import { LossList } from "../../../core/loss.ts";
import type { ModelFacts } from "../../../core/models.ts";
import { id } from "../wire.ts";

/** One request on its way to Converse: what is asked, of which model, and what it costs. */
export type Work = {
  request: ChatRequest;
  facts: ModelFacts;
  losses: LossList;
  /** The request is a Converse body already: it goes out as it came, nothing is repaired (law *round trip*). */
  own: boolean;
};

export function startWork(request: ChatRequest, facts: ModelFacts): Work {
  return { request, facts, losses: new LossList(id), own: request.from === id };
}

/** Claude's way to write a path in messages: `messages.2.content.0` (mapping D.1.2). */
export function dotted(at: string | undefined): string {
  return (at ?? "messages").replace(/\[(\d+)\]/g, ".$1");
}

/** The number of the message that a path stands in. */
export function messageIndex(at: string | undefined): number {
  return Number(/^messages\[(\d+)\]/.exec(at ?? "")?.[1] ?? 0);
}
