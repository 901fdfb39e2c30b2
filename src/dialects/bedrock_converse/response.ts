import type { ChatResponse } from "../../core/chat.ts";
import { folder } from "../../core/collect.ts";
import type { ChatEvent } from "../../core/events.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Encoded, LossList } from "../../core/loss.ts";
import type { Context } from "../dialect.ts";
import { wireBlocks } from "./answer-blocks.ts";
import { encodeTail } from "./answer-meta.ts";
import { AnswerReader } from "./answer-reader.ts";
import { withoutFence } from "./first-object.ts";
import { encodeFinish } from "./stop-reason.ts";
import { stepsOf } from "./wire-response.ts";

/** A whole Converse answer, read as the stream that says the same (mapping C.1–C.6). */
export function decodeResponse(body: JsonObject, context: Context): ChatResponse {
  const reader = new AnswerReader(context);
  const fold = folder();
  const events: ChatEvent[] = [];
  for (const [name, payload] of stepsOf(body)) reader.take(name, payload, events);
  reader.end(events);
  for (const event of events) fold.add(event);
  const response = fold.finish();
  return context.memo?.json === "object" ? unfenced(response) : response;
}

/** Asked for JSON without a native mode, models like to fence it (mapping B.6). A stream cannot know the end in time. */
function unfenced(response: ChatResponse): ChatResponse {
  const texts = response.content.filter((block) => block.type === "text");
  const only = texts.length === 1 ? texts[0] : undefined;
  if (!only) return response;
  const text = withoutFence(only.text);
  return { ...response, content: response.content.map((block) => (block === only ? { ...only, text } : block)) };
}

/** The body that a Converse endpoint would have sent. */
export function encodeResponse(response: ChatResponse): Encoded<JsonObject> {
  const losses = new LossList("bedrock_converse");
  const content = response.content.flatMap((block, i) => {
    const wire = wireBlocks(block);
    if (wire.length === 0) losses.dropped(`content[${i}]`, block.type);
    return wire;
  });
  const { metadata, additional } = encodeTail(response);
  const sequence = response.finish.sequence;
  const fields = additional ?? (sequence !== undefined ? { stop_sequence: sequence } : undefined);
  const value: JsonObject = {
    output: { message: { role: "assistant", content } },
    stopReason: encodeFinish(response.finish),
    ...(fields && { additionalModelResponseFields: fields }),
    ...metadata,
  };
  return { value, losses: losses.items };
}
