import type { Finish, ReplyMeta, Usage } from "../core/chat.ts";
import type { GatewayError } from "../core/error.ts";

/** What a stream tells the log while it passes: never content. */
export type Tap = { usage?: Usage; finish?: Finish; meta?: ReplyMeta };

/**
 * Upstream bytes to the caller's SSE text, one network chunk at a time.
 * It never throws: what went wrong is in `failure`, and the text up to there is returned.
 */
export type Transform = {
  push(bytes: Uint8Array): string | Uint8Array;
  /** The end of the upstream's bytes. Sets `failure` when the answer had no real end. */
  end(): string | Uint8Array;
  /** The one typed error event. */
  fail(error: GatewayError): string;
  readonly failure: GatewayError | undefined;
  /** The answer is complete and its end has been given out: what the upstream still sends is of no interest. */
  readonly complete: boolean;
  /** The answer has its end mark but more (usage) may follow: it is waited for a moment only (mapping C.7 row 13). */
  readonly settled: boolean;
  readonly tap: Tap;
  /** The upstream has begun its answer, though nothing of it may have been for the caller yet. */
  readonly begun?: boolean;
  /** What the upstream has told of its usage before the tap hears of it. */
  usageSoFar?(): Usage | undefined;
};
