import type { ChatResponse } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import { isObject, type JsonObject, parseExact } from "../core/json.ts";
import { unfold } from "../core/unfold.ts";
import type { Context } from "../dialects/dialect.ts";
import type { Reply } from "../providers/provider.ts";
import type { Answer } from "./answer.ts";
import type { Exchange, Tools } from "./exchange.ts";
import type { Prepared } from "./prepare.ts";
import { readReply } from "./read-all.ts";
import { hidesReasoning } from "./shown.ts";
import { sseHeaders } from "./sse-headers.ts";
import { toldHeaders } from "./told-headers.ts";
import { verbatimJson } from "./verbatim-json.ts";

/** An answer of one piece: its bytes as they came, or translated; in stream clothes where the caller asked for a stream. */
export async function whole(
  { prepared, reply, tools, wishes, signal }: Exchange,
  context: Context,
  headers: Record<string, string>,
): Promise<Answer> {
  const { plan } = prepared;
  const readAt = performance.now();
  let bytes: Uint8Array;
  try {
    bytes = await readReply(reply, tools.settings.limits.answerBytes, signal);
  } finally {
    wishes.record.upstreamMs += performance.now() - readAt;
  }
  wishes.record.status = 200;
  headers["content-type"] = "application/json";
  if (plan.toClient === "verbatim" && !prepared.stream) {
    const told = verbatimJson(bytes, plan.upstream, context);
    if (told.usage) wishes.record.usage = told.usage;
    if (told.finish) wishes.record.finish = told.finish.reason;
    return { status: 200, headers, body: bytes };
  }
  const response = shown(
    plan.upstream.response.decode(parseAnswer(bytes, plan.upstream.error.decode, reply), context),
    hidesReasoning(prepared, tools),
  );
  if (response.usage) wishes.record.usage = response.usage;
  wishes.record.finish = response.finish.reason;
  Object.assign(headers, toldHeaders(response.meta));
  if (prepared.stream)
    return { status: 200, headers: sseHeaders(headers), body: replayed(response, prepared, context, tools) };
  return { status: 200, headers, body: JSON.stringify(plan.reply.response.encode(response, context).value) };
}

function shown(response: ChatResponse, hide: boolean): ChatResponse {
  return hide ? { ...response, content: response.content.filter((block) => block.type !== "reasoning") } : response;
}

/** A whole answer in stream clothes, for models that cannot stream what was asked (mapping B.9.4). */
function replayed(response: ChatResponse, prepared: Prepared, context: Context, tools: Tools): string {
  const encoder = prepared.plan.reply.stream.encoder(context);
  const frames = unfold(response).reduce<Parameters<typeof encoder.push>[1]>(
    (out, event) => (encoder.push(event, out), out),
    [],
  );
  encoder.end(frames);
  return frames.map(tools.framings.sseText).join("");
}

const decoder = new TextDecoder();

function parseAnswer(
  bytes: Uint8Array,
  decodeError: (status: number, headers: Headers, body: string) => GatewayError,
  reply: Reply,
): JsonObject {
  const text = decoder.decode(bytes);
  let body: unknown;
  try {
    body = parseExact(text);
  } catch (cause) {
    throw GatewayError.noAnswer("The upstream answered with something that is not JSON.", cause);
  }
  if (!isObject(body)) throw GatewayError.noAnswer("The upstream answered with something that is not a chat answer.");
  if (isObject(body["error"])) {
    throw GatewayError.noAnswer(
      `The upstream answered with an error: ${decodeError(500, reply.headers, text).message}`,
    );
  }
  return body;
}
