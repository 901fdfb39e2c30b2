/** The smallest complete dialect: one text in, one text out. The README's recipe adds it to a copy of this repository. */
import type { ChatRequest } from "../../../src/core/chat.ts";
import { collect } from "../../../src/core/collect.ts";
import { GatewayError } from "../../../src/core/error.ts";
import type { ChatEvent, Frame, Stage } from "../../../src/core/events.ts";
import { isFilled, type JsonObject } from "../../../src/core/json.ts";
import { LossList } from "../../../src/core/loss.ts";
import type { Context, Dialect } from "../../../src/dialects/dialect.ts";
import { frameJson } from "../../../src/dialects/frame-json.ts";
import { leftOver } from "../../../src/dialects/read.ts";

const id = "toy";

/** `{"model", "stream", "toy": "words"}`. What has no name here is kept, and comes out again on the way to a toy model. */
function decode(body: JsonObject): ChatRequest {
  const { model, stream, toy: words, ...rest } = body;
  if (!isFilled(words)) throw GatewayError.invalid("toy", "toy: expected some words", "invalid_type");
  const kept = leftOver(rest);
  return {
    from: id,
    model: isFilled(model) ? model : "",
    stream: stream === true,
    includeUsage: true,
    messages: [{ role: "user", at: id, content: [{ type: "text", text: words, at: id }] }],
    paths: {},
    ...(kept && { extras: { from: id, fields: kept } }),
  };
}

const request: Dialect["request"] = {
  decode,
  encode(chat) {
    const losses = new LossList(id);
    const words: string[] = [];
    for (const block of chat.messages.flatMap(({ content }) => content)) {
      if (block.type === "text") words.push(block.text);
      else losses.dropped(block.at, block.type);
    }
    const own = chat.extras?.from === id ? chat.extras.fields : {};
    return { value: { toy: words.join("\n"), ...own }, losses: losses.items };
  },
  leave: (chat) =>
    Object.keys(chat.extras?.fields ?? {}).map((path) => ({ path, feature: "unknown field", action: "dropped" })),
};

/** Frames are `{"more": "words"}`, and one `{"why": "stop"}` at the end. */
class Decoder implements Stage<Frame, ChatEvent> {
  readonly #context: Context;
  #started = false;
  #ended = false;

  constructor(context: Context) {
    this.#context = context;
  }

  push({ data }: Frame, out: ChatEvent[]): void {
    const { more, why } = frameJson(data);
    if (!this.#started) {
      this.#started = true;
      out.push({ type: "message-start", id: "", model: this.#context.model });
      out.push({ type: "block-start", index: 0, block: { type: "text", text: "" } });
    }
    if (typeof more === "string") out.push({ type: "block-delta", index: 0, text: more });
    if (typeof why !== "string") return;
    this.#ended = true;
    out.push({ type: "block-end", index: 0 });
    out.push({ type: "message-end", finish: { reason: why === "length" ? "length" : "stop", raw: why } });
  }

  end(): void {
    if (!this.#ended) throw GatewayError.truncated();
  }
}

class Encoder implements Stage<ChatEvent, Frame> {
  readonly #words = new Set<number>();
  #ended = false;

  push(event: ChatEvent, out: Frame[]): void {
    if (event.type === "block-start" && event.block.type === "text") this.#words.add(event.index);
    else if (event.type === "block-delta" && event.text !== undefined && this.#words.has(event.index))
      out.push({ data: JSON.stringify({ more: event.text }) });
    else if (event.type === "message-end") {
      this.#ended = true;
      out.push({ data: JSON.stringify({ why: event.finish.reason === "length" ? "length" : "stop" }) });
    }
  }

  end(): void {
    if (!this.#ended) throw GatewayError.truncated();
  }

  fail(error: GatewayError): Frame[] {
    return [{ data: JSON.stringify({ wrong: error.message }) }];
  }
}

/** A whole answer is one frame with everything in it, so that there is one reading of answers. */
const response: Dialect["response"] = {
  decode({ toy: words, why }, context) {
    if (typeof words !== "string") throw GatewayError.noAnswer("The upstream answered without words.");
    const events: ChatEvent[] = [];
    const decoder = new Decoder(context);
    decoder.push({ data: JSON.stringify({ more: words, why: why ?? "stop" }) }, events);
    return collect(events);
  },
  encode({ content, finish }) {
    const losses = new LossList(id);
    const words = content.map((block, i) => {
      if (block.type === "text") return block.text;
      losses.dropped(`content[${i}]`, block.type);
      return "";
    });
    const why = finish.reason === "length" ? "length" : "stop";
    return { value: { toy: words.join(""), why }, losses: losses.items };
  },
};

export const toy: Dialect = {
  id,
  request,
  response,
  stream: {
    decoder: (context) => new Decoder(context),
    encoder: () => new Encoder(),
    named: (frame) => frame,
    endMark: "",
    doneMark: false,
    heartbeat: ": keep-alive\n\n",
  },
  error: {
    decode: (status, _headers, body) => new GatewayError({ kind: "upstream", message: body || `Status ${status}` }),
    encode: (error) => ({ status: error.status, headers: {}, body: { wrong: error.message } }),
  },
};
