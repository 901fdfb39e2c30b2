import type { Output, Terminal } from "../terminal.ts";
import type { AnswerEvent } from "./answer-event.ts";
import { MarkdownWriter } from "./markdown-writer.ts";

/** Shows an answer while it comes. */
export type Display = {
  event(event: AnswerEvent): Promise<void>;
  /** The answer is over; what was shown ends with a line break. `whole`: it came to its end. */
  end(whole: boolean): Promise<void>;
};

export type DisplaySettings = { markdown: boolean; reasoning: boolean };

/** The answer on stdout, rendered or as it is, the reasoning dim on stderr. */
export function textDisplay(terminal: Terminal, { markdown, reasoning }: DisplaySettings): Display {
  const writer = markdown ? new MarkdownWriter(terminal.out) : new RawWriter(terminal.out);
  const thoughts = new Thoughts(terminal.err, reasoning);
  return {
    async event(event) {
      if (event.type === "reasoning") return thoughts.push(event.text);
      if (event.type !== "text" && event.type !== "refusal") return;
      await thoughts.end();
      await writer.push(event.text);
    },
    async end(whole) {
      await thoughts.end();
      await writer.end(whole);
    },
  };
}

/** Bytes as they came; on a terminal without control characters. */
class RawWriter {
  readonly #output: Output;
  #last = "";

  constructor(output: Output) {
    this.#output = output;
  }

  push(text: string): Promise<void> {
    this.#last = text;
    return this.#output.untrusted(text);
  }

  /** A pipe gets a line break after a whole answer only: what is cut off looks cut off. */
  async end(whole: boolean): Promise<void> {
    if (this.#last === "" || this.#last.endsWith("\n")) return;
    if (whole || this.#output.isTTY) await this.#output.write("\n");
  }
}

class Thoughts {
  readonly #output: Output;
  readonly #wanted: boolean;
  #last = "";

  constructor(output: Output, wanted: boolean) {
    this.#output = output;
    this.#wanted = wanted;
  }

  async push(text: string): Promise<void> {
    if (!this.#wanted) return;
    this.#last = text;
    const { color } = this.#output;
    if (color) await this.#output.write("\x1b[2m");
    await this.#output.untrusted(text);
    if (color) await this.#output.write("\x1b[22m");
  }

  async end(): Promise<void> {
    if (this.#last !== "") await this.#output.write(this.#last.endsWith("\n") ? "\n" : "\n\n");
    this.#last = "";
  }
}

/** For what is printed at the end: nothing but the reasoning, where it is wanted. */
export function quietDisplay(terminal: Terminal, reasoning: boolean): Display {
  const thoughts = new Thoughts(terminal.err, reasoning);
  return {
    event: (event) => (event.type === "reasoning" ? thoughts.push(event.text) : Promise.resolve()),
    end: () => thoughts.end(),
  };
}

/** JSON lines on stdout (cli.md 3.3). */
export function jsonLines(out: Output): Display {
  const line = (value: unknown): Promise<void> => out.line(JSON.stringify(value));
  return {
    async event(event) {
      switch (event.type) {
        case "start":
          return line({ type: "start", id: event.id, model: event.model, created: event.created });
        case "text":
          return line({ type: "delta", content: event.text });
        case "refusal":
          return line({ type: "refusal", content: event.text });
        case "reasoning":
          return line({ type: "reasoning", content: event.text });
        case "tool-call": {
          const { index, id, name, input } = event;
          return line({ type: "tool_call", index, id, name, arguments: input });
        }
        case "usage":
          return line({ type: "usage", ...usageJson(event.usage) });
        case "thinking":
        case "finish":
          return;
        default:
          event satisfies never;
      }
    },
    end: () => Promise.resolve(),
  };
}

/** Usage under the names of `--json`. */
export function usageJson(usage: { input: number; output: number; cached?: number }): Record<string, number> {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    ...(usage.cached !== undefined && { cached_tokens: usage.cached }),
    total_tokens: usage.input + usage.output,
  };
}
