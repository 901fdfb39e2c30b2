import { lossHeader } from "../core/loss.ts";
import type { Context } from "../dialects/dialect.ts";
import type { Answer } from "./answer.ts";
import { copiedHeaders, upstreamRequestId } from "./copied-headers.ts";
import type { Exchange } from "./exchange.ts";
import { randomText } from "./ids.ts";
import { refused } from "./refused.ts";
import { streamed } from "./streamed.ts";
import { whole } from "./whole.ts";

/** Judges an upstream's answer by its head and reads it on. Throws a GatewayError. */
export function answered(exchange: Exchange): Promise<Answer> {
  const { prepared, outgoing, reply, facts, wishes } = exchange;
  const { plan } = prepared;
  const { record } = wishes;
  record.upstreamStatus = reply.status;
  const requestId = upstreamRequestId(reply.headers);
  if (requestId) record.upstreamRequestId = requestId;
  const headers = copiedHeaders(reply.headers, requestId);
  if (outgoing.losses.length > 0) headers["x-amazon-chat-losses"] = lossHeader(outgoing.losses);
  if (record.attempts > 1) headers["x-amazon-chat-attempts"] = String(record.attempts);
  if (reply.status !== 200) return refused(exchange, headers);
  const context: Context = {
    model: plan.model,
    created: wishes.created,
    includeUsage: prepared.includeUsage,
    legacyFunctions: prepared.legacyFunctions,
    facts,
  };
  if (plan.toClient === "translate") context.seed = randomText(40);
  if (outgoing.memo) context.memo = outgoing.memo;
  return exchange.stream && reply.framing !== "json"
    ? streamed(exchange, context, headers)
    : whole(exchange, context, headers);
}
