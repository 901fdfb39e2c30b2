import type { DialectId } from "../core/chat.ts";
import type { ModelFacts } from "../core/models.ts";

/** One attempt at the upstream. */
export type Call = {
  dialect: DialectId;
  /** The model id for the URL. */
  model: string;
  facts: ModelFacts;
  /** The request body: bytes as they came on a verbatim edge, else the JSON text. */
  body: Uint8Array<ArrayBuffer> | string;
  stream: boolean;
  /** Extra members that travel as headers on InvokeModel (guardrail, latency, tier), already checked. */
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** The controller behind `signal`, for a provider that gives an attempt up by itself: it serves one attempt only. */
  controller?: AbortController;
};

/** How the bytes of an answer are framed. */
export type Framing = "json" | "sse" | "aws";

/** The upstream's answer, headers read, body not yet. Any status: judging it is the gateway's work. */
export type Reply = {
  status: number;
  headers: Headers;
  framing: Framing;
  /** The bytes as they come. Asking makes a stream of them: where they are wanted whole, `bytes` is cheaper. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** The whole body at once, for answers whose length the head tells; absent: read `body`. */
  bytes?(): Promise<Uint8Array>;
};

/** Endpoint, credentials, transport. It moves bytes and never looks inside. */
export type Provider = {
  id: string;
  /** Dialects that this provider's endpoint for `model` understands, best first. */
  speaks(facts: ModelFacts): readonly DialectId[];
  /** The region of calls whose model id names none. */
  region?(): string | undefined;
  /** A text that says why it cannot serve, or undefined when it is ready. */
  problem(): string | undefined;
  /**
   * Sends one call. Throws a GatewayError for what happens before an answer: no credentials, no connection, timeouts.
   */
  send(call: Call): Promise<Reply>;
  /** What `send` would send, without secrets, for `explain` (mapping: method, URL, headers). */
  preview?(call: Omit<Call, "body" | "signal">): { method: string; url: string; headers: Record<string, string> };
  /** Drops cached credentials after an ExpiredToken answer. True when another try makes sense. */
  refresh?(): boolean;
};
