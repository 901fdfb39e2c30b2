import type { Block, ChatRequest } from "../../../src/core/chat.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { lossHeader } from "../../../src/core/loss.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";
import { openai } from "../../../src/dialects/openai/index.ts";

export const hello: JsonObject = { role: "user", content: "x" };

/** A body with one user message and these fields. */
export function bodyWith(fields: JsonObject): JsonObject {
  return { model: "m", messages: [hello], ...fields };
}

/** A body with these messages. */
export function talk(...messages: JsonObject[]): JsonObject {
  return { model: "m", messages };
}

/** A body whose only message has these parts. */
export function parts(...content: Json[]): JsonObject {
  return talk({ role: "user", content });
}

export function decode(body: JsonObject): ChatRequest {
  return openai.request.decode(body);
}

/** The blocks of one message of a body. */
export function blocks(body: JsonObject, message = 0): Block[] {
  return decode(body).messages[message]?.content ?? [];
}

/** What a body's extras cost outside OpenAI, in the header's form. */
export function left(body: JsonObject, model = "amazon.nova-lite-v1:0"): string {
  return lossHeader(openai.request.leave(decode(body), factsOnBedrock(model, model)));
}
