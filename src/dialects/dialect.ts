import type { ChatRequest, ChatResponse, DialectId, Usage } from "../core/chat.ts";
import type { GatewayError } from "../core/error.ts";
import type { ChatEvent, Frame, Stage } from "../core/events.ts";
import type { JsonObject } from "../core/json.ts";
import type { Encoded, Loss, Memo } from "../core/loss.ts";
import type { ModelFacts } from "../core/models.ts";

/** Everything an answer's codecs need from outside: they have no clock and no randomness of their own. */
export type Context = {
  /** The caller's model string: it is echoed. */
  model: string;
  /** Random base62 text, at least 29 characters, one per answer: ids are cut from it with the dialect's prefix. Absent: the upstream's id is kept. */
  seed?: string;
  /** Unix seconds of the upstream call. */
  created: number;
  /** OpenAI streams carry the usage chunk (mapping C.6). */
  includeUsage?: boolean;
  /** The request used deprecated `functions`. */
  legacyFunctions?: boolean;
  /** Facts of the upstream model, for the few places where an answer's reading depends on it. */
  facts?: ModelFacts;
  /** How the request was encoded for the upstream. */
  memo?: Memo;
};

/** Frames of the upstream to events. */
export type Decoder = Stage<Frame, ChatEvent> & {
  /** What the upstream has told of its usage while the event about it is held back: an answer that breaks off is billed too (trap T-55). */
  usageSoFar?(): Usage | undefined;
};

/** A wire format: pure functions. No I/O, clock, randomness or promises. `mapping.md` is their content. */
export type Dialect = {
  id: DialectId;
  request: {
    /** Reads a body of this dialect. Throws a GatewayError (400) that names the field. Keeps unknown fields as extras. */
    decode(body: JsonObject): ChatRequest;
    /** Writes the body the upstream gets, without `model`/`stream` where its URL says them. Says what it could not carry. */
    encode(request: ChatRequest, facts: ModelFacts): Encoded<JsonObject>;
    /**
     * What this dialect's own extras cost when the request leaves for another dialect: a Loss each, none for
     * harmless defaults. Throws a GatewayError where the loss would change the meaning of the answer.
     */
    leave(request: ChatRequest, facts: ModelFacts): Loss[];
  };
  response: {
    decode(body: JsonObject, context: Context): ChatResponse;
    encode(response: ChatResponse, context: Context): Encoded<JsonObject>;
  };
  stream: {
    /** Frames of the upstream to events. `end()` without a real end throws `upstream_stream_truncated`. */
    decoder(context: Context): Decoder;
    /** Events to frames for the caller. `fail` gives the one typed error frame; nothing may follow it. */
    encoder(context: Context): Stage<ChatEvent, Frame> & { fail(error: GatewayError): Frame[] };
    /** The SSE form of an upstream frame on a verbatim edge: Claude's clients need the event name that Bedrock leaves out. */
    named(frame: Frame): Frame;
    /** SSE text that closes a stream with a real end beyond the dialect's own last event: `data: [DONE]` or nothing (mapping 0.9). */
    endMark: string;
    /** Upstream streams of this dialect end with the data `[DONE]`; without it they were cut. */
    doneMark: boolean;
    /** The heartbeat as SSE text (mapping 0.12). */
    heartbeat: string;
  };
  error: {
    decode(status: number, headers: Headers, body: string): GatewayError;
    /** `headers` are those the dialect's own clients look for (mapping H.1). */
    encode(
      error: GatewayError,
      requestId: string,
    ): { status: number; headers: Record<string, string>; body: JsonObject };
  };
};
