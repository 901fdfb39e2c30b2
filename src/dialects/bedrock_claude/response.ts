import type { ChatResponse } from "../../core/chat.ts";
import { folder } from "../../core/collect.ts";
import { GatewayError } from "../../core/error.ts";
import type { ChatEvent } from "../../core/events.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { type Encoded, LossList } from "../../core/loss.ts";
import type { Context } from "../dialect.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { wireBlocks } from "./answer-blocks.ts";
import { AnswerReader } from "./answer-reader.ts";
import { errorOf } from "./error.ts";
import { olderAnswer } from "./older-answer.ts";
import { messageId } from "./message-id.ts";
import { encodeFinish } from "./stop-reason.ts";
import { encodeUsage } from "./usage.ts";
import { own } from "./wire.ts";

/** A whole Anthropic message, read as the stream that says the same. Throws 502 for something that is none. */
export function decodeResponse(body: JsonObject, context: Context): ChatResponse {
  if (body["type"] === "error") throw errorOf(body);
  const older = olderAnswer(body);
  if (!older && !Array.isArray(body["content"]))
    throw GatewayError.noAnswer("The upstream answered without a message.");
  const fold = folder();
  const reader = new AnswerReader(context);
  const events: ChatEvent[] = [];
  for (const event of older ?? eventsOf(body)) reader.take(event, events);
  reader.end();
  for (const event of events) fold.add(event);
  return fold.finish();
}

function eventsOf(body: JsonObject): JsonObject[] {
  const message: JsonObject = {};
  const bedrock: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    if (key.startsWith("amazon-bedrock-")) bedrock[key] = value;
    else message[key] = value;
  }
  const { stop_reason, stop_sequence, stop_details, container, context_management, usage } = body;
  return [
    { type: "message_start", message },
    ...look.objects(body, "content").flatMap((block, index) => [
      { type: "content_block_start", index, content_block: block },
      { type: "content_block_stop", index },
    ]),
    {
      type: "message_delta",
      delta: defined({ stop_reason, stop_sequence, stop_details, container }),
      ...defined({ context_management, usage }),
    },
    { type: "message_stop", ...bedrock },
  ];
}

function defined(fields: { [key: string]: Json | undefined }): JsonObject {
  return leftOver(fields) ?? {};
}

/** An Anthropic message (mapping D.2). Says which blocks the format has no words for. */
export function encodeResponse(response: ChatResponse, context: Context): Encoded<JsonObject> {
  const losses = new LossList(own);
  const content = response.content.flatMap((block, i) => {
    const wire = wireBlocks(block);
    const empty =
      (block.type === "text" || block.type === "refusal" || block.type === "reasoning") && block.text === "";
    if (wire.length === 0 && !empty) losses.dropped(`content[${i}]`, block.type);
    return wire;
  });
  const refused = response.content.some((block) => block.type === "refusal");
  const value: JsonObject = {
    id: messageId(response.id, context),
    type: "message",
    role: "assistant",
    // The caller's own word for the model (mapping D.2); without a live caller the answer's.
    model: context.seed === undefined ? response.model || context.model : context.model,
    content,
    ...encodeFinish(response.finish, refused),
    ...(response.usage && { usage: encodeUsage(response.usage, context.facts) }),
    ...(response.extras?.from === own && response.extras.fields),
    ...(response.meta?.extras?.from === own && response.meta.extras.fields),
  };
  if (!response.usage) value["usage"] = { input_tokens: 0, output_tokens: 0 };
  return { value, losses: losses.items };
}
