import type { Framing, Reply } from "../provider.ts";

/** A Response as a Reply: its body is touched only when somebody asks. */
export class FetchReply implements Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly framing: Framing;
  readonly #response: Response;

  constructor(response: Response, framing: Framing) {
    this.status = response.status;
    this.headers = response.headers;
    this.framing = framing;
    this.#response = response;
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#response.body;
  }

  bytes(): Promise<Uint8Array> {
    return this.#response.bytes();
  }
}
