/** Conversations of the compiled program in a real pseudo-terminal, against a scripted upstream. */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { data, delta, openaiStream, textEvents } from "../../fakes/openai.ts";
import { type Exchange, type Script, startWire, type Step, type Wire } from "../../fakes/wire.ts";
import { Session } from "../../terminal/session.ts";
import { clean, home, openaiAt, program } from "./program.ts";

export type Message = { role: string; content: unknown; tool_call_id?: string; tool_calls?: unknown };
type Sizes = { columns?: number; rows?: number };

/** ms: other tests keep the machine busy. */
const patience = 20_000;

/** One person's state folder and one upstream, that answers in the order of `answers` and then says "ok". */
export class Talk {
  readonly wire: Wire;
  readonly folder: string;
  readonly #answers: (() => Script)[];

  constructor(...answers: (() => Script)[]) {
    this.#answers = answers;
    this.folder = mkdtempSync(join(home, "talk-"));
    this.wire = startWire(() => (this.#answers.shift() ?? ((): Script => says("ok")))());
  }

  get env(): Record<string, string> {
    return { ...clean, ...openaiAt(this.wire.url), XDG_STATE_HOME: this.folder };
  }

  /** `chat` with these arguments in a terminal of its own. */
  open(args: string[] = [], env: Record<string, string> = {}, sizes: Sizes = {}): Session {
    return new Session([...program, "chat", ...args], {
      env: { ...this.env, ...env },
      cwd: this.folder,
      patience,
      ...sizes,
    });
  }

  /** A shell line in a terminal of its own, `"$@"` being the program. */
  shell(line: string, env: Record<string, string> = {}, ...options: string[]): Session {
    const command = ["bash", "--norc", ...options, "-c", line, "bash", ...program];
    return new Session(command, { env: { ...this.env, ...env }, cwd: this.folder, patience });
  }

  /** The messages of the nth request. */
  sent(index: number): Message[] {
    return this.body(index)["messages"] as Message[];
  }

  body(index: number): Record<string, unknown> {
    return bodyOf(this.wire.seen[index]);
  }
}

function bodyOf(exchange: Exchange | undefined): Record<string, unknown> {
  if (exchange === undefined) throw new Error("There was no such request.");
  return JSON.parse(new TextDecoder().decode(exchange.body));
}

export function says(...texts: string[]): Script {
  return openaiStream(textEvents(texts));
}

/** A tool call of an answer that says some words before it. */
export function calls(words: string, name: string, input: string): Script {
  const call = { index: 0, id: "call_1", type: "function", function: { name, arguments: input } };
  return openaiStream([
    data(delta({ role: "assistant", content: words })),
    data(delta({ tool_calls: [call] })),
    data(delta({}, "tool_calls")),
    data("[DONE]"),
  ]);
}

/** Begins with `first`; goes on with `rest` when the gate opens, or stalls where there is none. */
export function* halting(first: string, gate?: Promise<unknown>, ...rest: string[]): Generator<Step> {
  const chunk = (bytes: Uint8Array): Step => ({
    send: Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]),
  });
  yield { send: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" };
  yield chunk(data(delta({ role: "assistant", content: first })));
  if (gate === undefined) return yield { then: "stall" };
  yield { until: gate };
  for (const bytes of textEvents(rest)) yield chunk(bytes);
  yield { send: "0\r\n\r\n" };
}

/** What differs from run to run. */
export function golden(text: string): string {
  return text
    .replace(/(session) [0-9a-f]{8}/gi, "$1 ########")
    .replace(/ · \d+\.\d s$/gm, " · N s")
    .replaceAll(/\/tmp\/[\w./-]+\/talk-\w+/g, "TALK");
}
