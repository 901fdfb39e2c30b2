import type { Json, JsonObject } from "../../core/json.ts";
import type { AnswerEvent, TokenUsage } from "./answer-event.ts";

export type ToolCall = { id: string; name: string; input: string };

/** One answer as far as it has come. */
export class Answer {
  id = "";
  model = "";
  created = 0;
  text = "";
  reasoning = "";
  refusal = "";
  finish: string | undefined;
  usage: TokenUsage | undefined;
  readonly toolCalls: ToolCall[] = [];
  readonly #thinking: Json[] = [];
  readonly #pieces: string[] = [];

  add(event: AnswerEvent): void {
    switch (event.type) {
      case "start":
        ({ id: this.id, model: this.model, created: this.created } = event);
        return;
      case "text":
        // Joined at the end: a string grown by a million pieces would be flattened again and again.
        this.#pieces.push(event.text);
        return;
      case "reasoning":
        this.reasoning += event.text;
        return;
      case "refusal":
        this.refusal += event.text;
        return;
      case "thinking":
        this.#thinking.push(...event.blocks);
        return;
      case "tool-call": {
        const call = (this.toolCalls[event.index] ??= { id: "", name: "", input: "" });
        if (event.id !== undefined) call.id = event.id;
        if (event.name !== undefined) call.name = event.name;
        if (event.input !== undefined) call.input += event.input;
        return;
      }
      case "usage":
        this.usage = event.usage;
        return;
      case "finish":
        this.finish = event.reason;
        return;
      default:
        event satisfies never;
    }
  }

  /** Joins what came; called when the answer is over, complete or not. */
  close(): this {
    this.text += this.#pieces.splice(0).join("");
    return this;
  }

  /** The turn as the next request has to repeat it. */
  message(): JsonObject {
    return {
      role: "assistant",
      content: this.text === "" ? (this.refusal === "" && this.toolCalls.length > 0 ? null : this.refusal) : this.text,
      ...(this.#thinking.length > 0 && { thinking_blocks: this.#thinking }),
      ...(this.toolCalls.length > 0 && {
        tool_calls: this.toolCalls.map(({ id, name, input }) => ({
          id,
          type: "function",
          function: { name, arguments: input },
        })),
      }),
    };
  }
}
