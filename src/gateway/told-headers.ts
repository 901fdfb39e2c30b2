import type { ReplyMeta } from "../core/chat.ts";
import { isObject } from "../core/json.ts";

/**
 * What a whole answer says about itself, for those who look at headers (mapping C.1): the model's own time, and the
 * model that a prompt router chose. A stream says it at its end, when headers are long out.
 */
export function toldHeaders(meta: ReplyMeta | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  if (meta?.latencyMs !== undefined) headers["x-amazon-chat-upstream-ms"] = String(Math.round(meta.latencyMs));
  const router = isObject(meta?.trace) ? meta.trace["promptRouter"] : undefined;
  const model = isObject(router) ? router["invokedModelId"] : undefined;
  // A header takes printable ASCII only; an id is nothing else.
  if (typeof model === "string" && /^[\x21-\x7e]{1,2048}$/.test(model)) headers["x-amazon-chat-routed-model"] = model;
  return headers;
}
