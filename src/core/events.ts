import type { Block, Citation, Extras, Finish, ReplyMeta, Usage } from "./chat.ts";

/**
 * One step of an answer: message-start (block-start block-delta* block-end)* message-end; usage at any time
 * after the start (Converse sends it behind message-end). Blocks may overlap (OpenAI interleaves tool calls);
 * indices are unique, not dense. The block of a block-start is empty: its text or input comes in deltas.
 */
export type ChatEvent =
  | ({ type: "message-start"; id: string; model: string } & Extras)
  | { type: "block-start"; index: number; block: Block }
  | {
      type: "block-delta";
      index: number;
      text?: string;
      input?: string;
      signature?: string;
      redacted?: string;
      citation?: Citation;
    }
  | { type: "block-end"; index: number }
  | { type: "message-end"; finish: Finish }
  | { type: "usage"; usage?: Usage; meta?: ReplyMeta };

/**
 * One SSE event or one AWS event-stream message.
 * `event` is the SSE event name or `:event-type`; `data` the payload text.
 * `exception` is set for `:message-type: exception | error`: its `:exception-type` or `:error-code`.
 */
export type Frame = { event?: string; data: string; exception?: string };

/** Every streaming thing: results are appended to `out`. `end` is the end of the input; both may throw a GatewayError. */
export type Stage<In, Out> = { push(input: In, out: Out[]): void; end(out: Out[]): void };
