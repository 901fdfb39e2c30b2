import type { Finish, Usage } from "../core/chat.ts";
import type { Loss } from "../core/loss.ts";

/** What the log says about one request: facts and counts, never a prompt, never a secret. Times in ms. */
export type RequestRecord = {
  requestId: string;
  /** Monotonic ms. */
  startedAt: number;
  requestDialect?: string | undefined;
  upstreamDialect?: string | undefined;
  replyDialect?: string | undefined;
  edges?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  region?: string | undefined;
  stream?: boolean | undefined;
  status?: number | undefined;
  upstreamStatus?: number | undefined;
  upstreamRequestId?: string | undefined;
  attempts: number;
  downgrades: string[];
  usage?: Usage | undefined;
  finish?: Finish["reason"] | undefined;
  /** ms from the start to the first byte for the caller. */
  firstEventMs?: number | undefined;
  durationMs?: number | undefined;
  /** ms spent waiting for the upstream until its answer began or failed, pauses before further attempts included; the rest is ours. */
  upstreamMs: number;
  losses: readonly Loss[];
  errorCode?: string | undefined;
  /** The text of an error that the caller was not told in full; safe for the log. */
  errorMessage?: string | undefined;
};

/** The record of a request that has just come. All members are there from the start: growing an object costs more than writing it. */
export function newRecord(requestId: string): RequestRecord {
  return {
    requestId,
    startedAt: performance.now(),
    requestDialect: undefined,
    upstreamDialect: undefined,
    replyDialect: undefined,
    edges: undefined,
    model: undefined,
    provider: undefined,
    region: undefined,
    stream: undefined,
    status: undefined,
    upstreamStatus: undefined,
    upstreamRequestId: undefined,
    attempts: 0,
    downgrades: [],
    usage: undefined,
    finish: undefined,
    firstEventMs: undefined,
    durationMs: undefined,
    upstreamMs: 0,
    losses: [],
    errorCode: undefined,
    errorMessage: undefined,
  };
}
