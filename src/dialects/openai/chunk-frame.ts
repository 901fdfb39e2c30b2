import type { Frame } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { answerId } from "./ids.ts";

/**
 * Writes chunks around a prefix made once a stream: what is the same in every chunk is never serialised again
 * (mapping C.7: one id, one `created`, `usage: null` on every chunk when usage was asked for).
 */
export class ChunkFrames {
  readonly #head: string;
  readonly #textHead: string;
  readonly #textTail: string;
  readonly #nullUsage: string;

  constructor(context: Context, upstreamId: string) {
    const id = JSON.stringify(answerId(context, upstreamId));
    const model = JSON.stringify(context.model);
    this.#head = `{"id":${id},"object":"chat.completion.chunk","created":${context.created},"model":${model},"choices":[`;
    this.#nullUsage = context.includeUsage ? `],"usage":null}` : "]}";
    this.#textHead = `${this.#head}{"index":0,"delta":{"content":`;
    this.#textTail = `},"logprobs":null,"finish_reason":null}${this.#nullUsage}`;
  }

  /** The hot path: a piece of text. */
  text(text: string): Frame {
    return { data: this.#textHead + JSON.stringify(text) + this.#textTail };
  }

  /** A delta given as JSON text. */
  delta(json: string): Frame {
    return { data: `${this.#head}{"index":0,"delta":${json}${this.#textTail.slice(1)}` };
  }

  finish(reason: string): Frame {
    const quoted = JSON.stringify(reason);
    return {
      data: `${this.#head}{"index":0,"delta":{},"logprobs":null,"finish_reason":${quoted}}${this.#nullUsage}`,
    };
  }

  /** The last chunk: no choices, the usage. */
  usage(usage: JsonObject, more: JsonObject): Frame {
    const tail = Object.entries(more).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`);
    return { data: `${this.#head}],"usage":${JSON.stringify(usage)}${tail.join("")}}` };
  }
}
