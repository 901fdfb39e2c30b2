import type { Block, ChatResponse } from "../../core/chat.ts";
import { collect } from "../../core/collect.ts";
import { GatewayError } from "../../core/error.ts";
import type { ChatEvent } from "../../core/events.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Encoded } from "../../core/loss.ts";
import type { Context, Dialect } from "../dialect.ts";
import { AnswerReader } from "./answer-reader.ts";
import { encodeCitations } from "./citations.ts";
import { encodeFinish } from "./finish.ts";
import { answerId, callId } from "./ids.ts";
import { imageOf } from "./images.ts";
import { thinkingBlocks } from "./thinking-blocks.ts";
import { encodeUsage } from "./usage.ts";
import { own } from "./wire.ts";

/** A whole answer is one chunk with everything in it (mapping G.6). Throws 502 for a body that is no answer. */
function decode(body: JsonObject, context: Context): ChatResponse {
  const choices = body["choices"];
  if (!Array.isArray(choices) || choices.length === 0)
    throw GatewayError.noAnswer("The upstream answered with something that is not a chat answer.");
  const reader = new AnswerReader(context);
  const events: ChatEvent[] = [];
  reader.chunk({ ...body, choices: choices.map(asDelta) }, events);
  reader.endWhole(events);
  return collect(events);
}

function asDelta(choice: Json): Json {
  if (!isObject(choice)) return choice;
  const { message, ...rest } = choice;
  if (!isObject(message)) return choice;
  const calls = message["tool_calls"];
  const delta = Array.isArray(calls)
    ? { ...message, tool_calls: calls.map((call, index) => (isObject(call) ? { ...call, index } : call)) }
    : message;
  return { ...rest, delta };
}

/** The answer as `chat.completion` (mapping C.1, C.2). */
function encode(response: ChatResponse, context: Context): Encoded<JsonObject> {
  const { message, calls } = messageOf(response.content, context);
  const seen = { calls, refused: message["refusal"] !== null, legacy: context.legacyFunctions === true };
  const { serviceTier, trace } = response.meta ?? {};
  return {
    losses: [],
    value: {
      id: answerId(context, response.id),
      object: "chat.completion",
      created: context.created,
      model: context.model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: encodeFinish(response.finish, seen) }],
      ...(response.usage && { usage: encodeUsage(response.usage) }),
      ...(serviceTier !== undefined && { service_tier: serviceTier }),
      ...(trace !== undefined && { bedrock: { trace } }),
      ...own(response),
    },
  };
}

function messageOf(blocks: readonly Block[], context: Context): { message: JsonObject; calls: number } {
  let content = "";
  let refusal = "";
  let reasoning = "";
  const thinking: JsonObject[] = [];
  const calls: JsonObject[] = [];
  const annotations: JsonObject[] = [];
  const citations: JsonObject[] = [];
  const images: JsonObject[] = [];
  for (const block of blocks) {
    switch (block.type) {
      case "text": {
        const from = content.length;
        content += block.text;
        const cited = encodeCitations(block.citations ?? [], from, content.length);
        annotations.push(...cited.annotations);
        citations.push(...cited.citations);
        break;
      }
      case "refusal":
        refusal += block.text;
        break;
      case "reasoning":
        reasoning += block.text;
        thinking.push(...thinkingBlocks(block));
        break;
      case "tool-call":
        calls.push(callOf(block, context, calls.length));
        break;
      case "media": {
        const image = imageOf(block);
        if (image) images.push(image);
        break;
      }
      // Blocks of a model's own tools are not the caller's (mapping C.2).
      case "tool-result":
      case "search-result":
      case "opaque":
        break;
      default:
        block satisfies never;
    }
  }
  const refused = refusal !== "" || blocks.some((block) => block.type === "refusal");
  const message: JsonObject = {
    role: "assistant",
    content: content !== "" || (calls.length === 0 && !refused) ? content : null,
    refusal: refused ? refusal : null,
  };
  const [first] = calls;
  if (first && context.legacyFunctions) message["function_call"] = first["function"] ?? null;
  else if (first) message["tool_calls"] = calls;
  if (reasoning !== "") message["reasoning_content"] = reasoning;
  if (thinking.length > 0) message["thinking_blocks"] = thinking;
  if (annotations.length > 0) message["annotations"] = annotations;
  if (citations.length > 0) message["citations"] = citations;
  if (images.length > 0) message["images"] = images;
  return { message, calls: calls.length };
}

function callOf(block: Extract<Block, { type: "tool-call" }>, context: Context, count: number): JsonObject {
  const id = block.id || callId(context, count);
  if (block.custom) return { id, type: "custom", custom: { name: block.name, input: block.input } };
  return { id, type: "function", function: { name: block.name, arguments: block.input === "" ? "{}" : block.input } };
}

/** OpenAI's whole answers (mapping C, G.6). */
export const response: Dialect["response"] = { decode, encode };
