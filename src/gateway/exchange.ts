import type { ModelFacts } from "../core/models.ts";
import type { Reply } from "../providers/provider.ts";
import type { Parts } from "./gateway.ts";
import type { Learned } from "./learned.ts";
import type { Lifeline } from "./lifeline.ts";
import type { Outgoing, Prepared } from "./prepare.ts";
import type { RequestRecord } from "./record.ts";
import type { Watch } from "./watch.ts";

/** What one gateway has for all its requests. */
export type Tools = Parts & { watch: Watch; learned: Learned };

/** What one request brings beside its body. */
export type Wishes = {
  /** Aborted when the caller leaves. */
  signal: AbortSignal;
  record: RequestRecord;
  strict: boolean;
  /** Monotonic ms. */
  deadline: number | undefined;
  /** Unix seconds. */
  created: number;
};

/** One attempt: what went up, and the head of what came back. */
export type Exchange = {
  prepared: Prepared;
  outgoing: Outgoing;
  facts: ModelFacts;
  reply: Reply;
  /** The upstream was asked for a stream. */
  stream: boolean;
  tools: Tools;
  wishes: Wishes;
  lifeline: Lifeline;
  /** Ends this attempt. */
  signal: AbortSignal;
};
