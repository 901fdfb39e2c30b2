import type { ChatRequest } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Encoded, Loss } from "../../core/loss.ts";
import type { ModelFacts } from "../../core/models.ts";
import { decode } from "./request/decode.ts";
import { encode } from "./request/encode.ts";
import { leave } from "./request/leave.ts";

/** A Converse body as a request. Nothing calls the gateway with one; the laws and the recorded traffic do. */
export function decodeRequest(body: JsonObject): ChatRequest {
  return decode(body);
}

/** The body of Converse or ConverseStream (mapping B). Throws 400 for what must not be lost; the rest is in the losses. */
export function encodeRequest(request: ChatRequest, facts: ModelFacts): Encoded<JsonObject> {
  return encode(request, facts);
}

/** What a Converse body's own fields cost elsewhere. */
export function leaveRequest(request: ChatRequest, facts: ModelFacts): Loss[] {
  return leave(request, facts);
}
