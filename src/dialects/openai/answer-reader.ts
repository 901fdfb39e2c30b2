import { GatewayError } from "../../core/error.ts";
import type { ChatEvent } from "../../core/events.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import type { Context } from "../dialect.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { Blocks } from "./blocks.ts";
import { CallReader } from "./call-reader.ts";
import { decodeAnnotation } from "./citations.ts";
import { decodeFinish } from "./finish.ts";
import { blockOfImage } from "./images.ts";
import { ReasoningReader } from "./reasoning-reader.ts";
import { decodeUsage } from "./usage.ts";
import { extras } from "./wire.ts";

/** Reads the chunks of an answer, or a whole answer as one (mapping G.6, G.7). */
export class AnswerReader {
  readonly #context: Context;
  readonly #blocks = new Blocks();
  readonly #reasoning = new ReasoningReader(this.#blocks);
  readonly #calls: CallReader;
  #started = false;
  #spoke = false;
  #refused = false;
  #finished = false;
  #done = false;
  #tier: string | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#calls = new CallReader(context, this.#blocks);
  }

  /** `[DONE]` came: what is open is complete, whether or not a finish reason said so (mapping G.7). */
  done(): void {
    this.#done = true;
  }

  chunk(chunk: JsonObject, out: ChatEvent[]): void {
    if (!this.#started) this.#start(chunk, out);
    const choice = firstChoice(chunk);
    if (choice) this.#choice(choice, out);
    this.#tail(chunk, out);
  }

  /** Throws `upstream_stream_truncated` when nothing said that the answer is complete. */
  end(out: ChatEvent[]): void {
    if (this.#finished) return;
    if (!this.#done || !this.#spoke) throw GatewayError.truncated();
    this.#finish(undefined, out);
  }

  /** The end of a whole answer: it is complete by itself (mapping D.4, `gpt-4-vision-preview` has no finish reason). */
  endWhole(out: ChatEvent[]): void {
    if (!this.#finished) this.#finish(undefined, out);
  }

  #start(chunk: JsonObject, out: ChatEvent[]): void {
    this.#started = true;
    const { id, model } = chunk;
    out.push({
      type: "message-start",
      id: typeof id === "string" ? id : "",
      model: typeof model === "string" && model !== "" ? model : this.#context.model,
      ...extras(leftOver(chunk, known)),
    });
  }

  #choice(choice: JsonObject, out: ChatEvent[]): void {
    this.#spoke = true;
    const delta = choice["delta"];
    if (isObject(delta)) this.#delta(delta, out);
    const reason = look.text(choice, "finish_reason");
    if (reason && !this.#finished) this.#finish(reason, out);
  }

  #delta(delta: JsonObject, out: ChatEvent[]): void {
    if (this.#finished) return;
    const { content, refusal, tool_calls: calls, function_call: legacy } = delta;
    this.#reasoning.delta(delta, out);
    if (typeof content === "string" && content !== "") this.#text(content, out);
    else if (Array.isArray(content)) this.#parts(content, out);
    if (typeof refusal === "string" && refusal !== "") {
      this.#refused = true;
      const index = this.#blocks.within({ type: "refusal", text: "" }, out);
      out.push({ type: "block-delta", index, text: refusal });
    }
    if (Array.isArray(delta["annotations"])) this.#annotations(delta["annotations"], out);
    if (isObject(delta["audio"])) {
      const transcript = look.text(delta["audio"], "transcript");
      if (transcript) this.#text(transcript, out);
    }
    if (Array.isArray(delta["images"])) this.#images(delta["images"], out);
    if (Array.isArray(calls)) for (const call of calls) if (isObject(call)) this.#calls.fragment(call, out);
    if (isObject(legacy)) this.#calls.legacy(legacy, out);
  }

  #text(text: string, out: ChatEvent[]): void {
    const index = this.#blocks.within({ type: "text", text: "" }, out);
    out.push({ type: "block-delta", index, text });
  }

  /** Some compatible servers answer in parts. */
  #parts(parts: readonly unknown[], out: ChatEvent[]): void {
    for (const part of parts) {
      const text = isObject(part) ? look.text(part, "text") : undefined;
      if (text) this.#text(text, out);
    }
  }

  #annotations(annotations: JsonObject[string][], out: ChatEvent[]): void {
    for (const annotation of annotations) {
      const citation = decodeAnnotation(annotation);
      if (!citation) continue;
      const index = this.#blocks.within({ type: "text", text: "" }, out);
      out.push({ type: "block-delta", index, citation });
    }
  }

  #images(images: JsonObject[string][], out: ChatEvent[]): void {
    for (const image of images) {
      const block = blockOfImage(image);
      if (!block) continue;
      this.#blocks.close(out);
      out.push({ type: "block-end", index: this.#blocks.start(block, out) });
    }
  }

  #finish(raw: string | undefined, out: ChatEvent[]): void {
    this.#finished = true;
    this.#blocks.close(out);
    this.#calls.close(out);
    const finish = decodeFinish(raw, { calls: this.#calls.count, refused: this.#refused });
    out.push({ type: "message-end", finish });
  }

  /** Usage may stand in any chunk, and in every one: the last counts. */
  #tail(chunk: JsonObject, out: ChatEvent[]): void {
    const tier = look.text(chunk, "service_tier");
    const usage = chunk["usage"];
    const told = isObject(usage) && Object.keys(usage).length > 0;
    const changed = tier !== undefined && tier !== this.#tier;
    if (changed) this.#tier = tier;
    if (!told && !changed) return;
    out.push({
      type: "usage",
      ...(told && { usage: decodeUsage(usage) }),
      ...(changed && { meta: { serviceTier: tier } }),
    });
  }
}

/** Members of a chunk that the hub has or makes itself. */
const known = ["id", "model", "object", "created", "choices", "usage", "service_tier", "obfuscation"];

/** Only the first choice is ours: other dialects never ask for more (mapping G.6). */
function firstChoice(chunk: JsonObject): JsonObject | undefined {
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) return undefined;
  for (const choice of choices) if (isObject(choice) && (choice["index"] ?? 0) === 0) return choice;
  return undefined;
}
