import { GatewayError } from "../core/error.ts";
import { isObject } from "../core/json.ts";
import type { Answer } from "./answer.ts";
import { upstreamRequestId } from "./copied-headers.ts";
import { pointElsewhere } from "./elsewhere.ts";
import type { Exchange } from "./exchange.ts";
import { nameMedia } from "./media-place.ts";
import { readReply } from "./read-all.ts";

/** An upstream error becomes a GatewayError; on a verbatim edge that keeps the status, the body goes out as it came (mapping H.4). */
export async function refused(
  { prepared, reply, tools, wishes, signal }: Exchange,
  headers: Record<string, string>,
): Promise<Answer> {
  if (reply.status < 400) {
    void reply.body?.cancel().catch(() => undefined);
    throw GatewayError.noAnswer(
      reply.status >= 300
        ? "The upstream answered with a redirect; redirects are never followed."
        : `The upstream answered with status ${reply.status} and no content.`,
    );
  }
  const requestId = upstreamRequestId(reply.headers);
  const readAt = performance.now();
  const bytes = await readReply(reply, tools.settings.limits.answerBytes, signal);
  wishes.record.upstreamMs += performance.now() - readAt;
  const text = decoder.decode(bytes);
  const said = prepared.plan.upstream.error.decode(reply.status, reply.headers, text).with({
    upstreamStatus: reply.status,
    ...(requestId !== undefined && { upstreamRequestId: requestId }),
  });
  const error = nameMedia(pointElsewhere(said, prepared.plan.facts), prepared.mediaPlace);
  const final =
    prepared.plan.toClient === "verbatim" &&
    prepared.plan.upstream.id === "openai" &&
    !error.retryable &&
    error.status === reply.status;
  if (final && isErrorBody(text))
    return {
      status: reply.status,
      headers: {
        ...headers,
        "content-type": "application/json",
        ...(retryHopeless(reply.status) && { "x-should-retry": "false" }),
      },
      body: text,
    };
  throw error;
}

const decoder = new TextDecoder();

function retryHopeless(status: number): boolean {
  return status === 429 || status === 409 || status >= 500;
}

function isErrorBody(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) && isObject(body["error"]) && typeof body["error"]["message"] === "string";
  } catch {
    return false;
  }
}
