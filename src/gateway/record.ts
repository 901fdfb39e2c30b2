import type { Finish, Usage } from "../core/chat.ts";
import type { Loss } from "../core/loss.ts";

/** What the log says about one request: facts and counts, never a prompt, never a secret. Times in ms. */
export type RequestRecord = {
  requestId: string;
  /** Monotonic ms. */
  startedAt: number;
  requestDialect?: string;
  upstreamDialect?: string;
  replyDialect?: string;
  edges?: string;
  model?: string;
  provider?: string;
  region?: string;
  stream?: boolean;
  status?: number;
  upstreamStatus?: number;
  upstreamRequestId?: string;
  attempts: number;
  downgrades: string[];
  usage?: Usage;
  finish?: Finish["reason"];
  /** ms from the start to the first byte for the caller. */
  firstEventMs?: number;
  durationMs?: number;
  /** ms spent waiting for the upstream until its answer began; the rest of the time to the first byte is ours. */
  upstreamMs: number;
  losses: readonly Loss[];
  errorCode?: string;
  /** The text of an error that the caller was not told in full; safe for the log. */
  errorMessage?: string;
};
