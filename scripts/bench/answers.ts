/** What the bench's upstream says, encoded once. The models' names choose among them. */
import { type ConverseAnswer, converseMessages } from "../../test/fakes/converse.ts";
import { completion, textEvents } from "../../test/fakes/openai.ts";

/** Every counted answer holds this word as often as its case says. */
export const marker = "zap-";

const words = (count: number): string[] => Array.from({ length: count }, () => ` ${marker}`);

const converseAnswer = (count: number): ConverseAnswer => ({ content: [{ text: words(count).join("") }] });

const httpHead = (type: string, framing: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nx-request-id: req_bench\r\n${framing}\r\n\r\n`;

function whole(body: unknown): Buffer {
  const text = JSON.stringify(body);
  return Buffer.from(`${httpHead("application/json", `content-length: ${Buffer.byteLength(text)}`)}${text}`);
}

const framed = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

/** A streamed answer as the list of its writes. */
function stream(type: string, events: readonly Uint8Array[]): Buffer[] {
  const [first = Buffer.alloc(0), ...rest] = events.map(framed);
  const last = rest.pop() ?? Buffer.alloc(0);
  return [
    Buffer.concat([Buffer.from(httpHead(type, "transfer-encoding: chunked")), first]),
    ...rest,
    Buffer.concat([last, Buffer.from("0\r\n\r\n")]),
  ];
}

export type Scripted = { writes: readonly Buffer[]; paceMs: number };

const tokens = (count: number): Scripted => {
  const events = textEvents(words(count));
  return { writes: stream("text/event-stream; charset=utf-8", events), paceMs: 0 };
};

const toolCall = completion({
  message: {
    content: null,
    tool_calls: [{ id: "call_1", type: "function", function: { name: "tool_1", arguments: `{"query":"${marker}"}` } }],
  },
  finishReason: "tool_calls",
});

/** By the last word of the model id: `gpt-4o-json`, `amazon.bench-stream200`. Built when first asked for. */
export function scriptFor(openai: boolean, name: string): Scripted {
  const count = Number(/\d+$/.exec(name)?.[0] ?? 8);
  if (name.startsWith("stream")) {
    if (openai) return tokens(count);
    const messages = converseMessages(converseAnswer(count), ` ${marker}`.length);
    return { writes: stream("application/vnd.amazon.eventstream", messages), paceMs: 0 };
  }
  if (name.startsWith("paced")) {
    // What stands behind the last text comes with it: an event that gives the caller nothing would look like a stall.
    const { writes } = scriptFor(openai, `stream${count}`);
    return { writes: [...writes.slice(0, count - 1), Buffer.concat(writes.slice(count - 1))], paceMs: 100 };
  }
  if (name === "tool") return { writes: [whole(toolCall)], paceMs: 0 };
  if (openai) return { writes: [whole(completion({ message: { content: words(count).join("") } }))], paceMs: 0 };
  const { content } = converseAnswer(count);
  const usage = { inputTokens: 9, outputTokens: count, totalTokens: 9 + count };
  const body = {
    metrics: { latencyMs: 1 },
    output: { message: { role: "assistant", content } },
    stopReason: "end_turn",
    usage,
  };
  return { writes: [whole(body)], paceMs: 0 };
}
