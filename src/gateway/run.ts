import type { ChatResponse } from "../core/chat.ts";
import { clearAlarm, setAlarm } from "../core/alarm.ts";
import { GatewayError } from "../core/error.ts";
import { isObject, type JsonObject } from "../core/json.ts";
import { lossHeader, lossText } from "../core/loss.ts";
import type { ModelFacts } from "../core/models.ts";
import { downgrade } from "../core/models/downgrade.ts";
import { unfold } from "../core/unfold.ts";
import type { Context } from "../dialects/dialect.ts";
import type { Reply } from "../providers/provider.ts";
import type { Answer } from "./answer.ts";
import { copiedHeaders, upstreamRequestId } from "./copied-headers.ts";
import { ForwardBytes } from "./forward-bytes.ts";
import { ForwardFrames } from "./forward.ts";
import { pointElsewhere } from "./elsewhere.ts";
import type { Parts } from "./gateway.ts";
import { randomText } from "./ids.ts";
import type { Learned } from "./learned.ts";
import { Lifeline, timedOut } from "./lifeline.ts";
import { nameMedia } from "./media-place.ts";
import type { Outgoing, Prepared } from "./prepare.ts";
import { Pump } from "./pump.ts";
import { readReply } from "./read-all.ts";
import type { RequestRecord } from "./record.ts";
import { pause, retryDelay } from "./retry.ts";
import { toldHeaders } from "./told-headers.ts";
import type { Transform } from "./transform.ts";
import { Translation } from "./translation.ts";
import { verbatimJson } from "./verbatim-json.ts";
import { byFirstBytes } from "./unlabelled.ts";
import type { Watch } from "./watch.ts";

type Tools = Parts & { watch: Watch; learned: Learned };
type Wishes = {
  /** Aborted when the caller leaves. */
  signal: AbortSignal;
  record: RequestRecord;
  strict: boolean;
  /** Monotonic ms. */
  deadline: number | undefined;
  /** Unix seconds. */
  created: number;
};

/** At most this many different things a model may refuse in one request (mapping B.12). */
const maxDowngrades = 4;

/**
 * Sends a prepared request and makes the answer: retries before the first byte, downgrades what a model refuses,
 * gives up at the deadline, leaves the upstream when the caller leaves. Throws a GatewayError.
 */
export async function run(prepared: Prepared, tools: Tools, wishes: Wishes): Promise<Answer> {
  const { record } = wishes;
  const lifeline = new Lifeline(wishes.signal, wishes.deadline, tools.watch);
  let facts = tools.learned.apply(prepared.plan.facts);
  let handedOver = false;
  try {
    for (let downgrades = 0; ;) {
      const outgoing = prepared.outgoing(facts);
      record.losses = outgoing.losses;
      if (wishes.strict && outgoing.losses.length > 0) throw strictError(outgoing);
      record.attempts++;
      lifeline.renew();
      try {
        const planned = outgoing.plan ? { ...prepared, plan: outgoing.plan } : prepared;
        const answer = await attempt(planned, outgoing, facts, tools, wishes, lifeline);
        handedOver = "pump" in answer;
        return answer;
      } catch (thrown) {
        lifeline.throwIfOver(thrown);
        const error = GatewayError.from(thrown);
        const milder =
          error.upstreamStatus === 400 && downgrades < maxDowngrades && prepared.plan.toUpstream === "translate"
            ? downgrade(facts, error.message)
            : undefined;
        if (milder) {
          downgrades++;
          record.downgrades.push(milder.feature);
          tools.learned.remember(facts, milder.patch);
          facts = { ...facts, ...milder.patch };
          continue;
        }
        if (isExpired(error) && prepared.plan.provider.refresh?.() && record.attempts < 2) continue;
        const delay = retryDelay(error, record.attempts - downgrades, tools.settings.retry);
        if (delay === undefined) throw error;
        if (wishes.deadline !== undefined && performance.now() + delay >= wishes.deadline) throw error;
        const pausedAt = performance.now();
        await pause(delay, lifeline.abort.signal);
        record.upstreamMs += performance.now() - pausedAt;
        lifeline.throwIfOver(error);
      }
    }
  } finally {
    lifeline.unwatch();
    if (!handedOver) lifeline.release();
  }
}

async function attempt(
  prepared: Prepared,
  outgoing: Outgoing,
  facts: ModelFacts,
  tools: Tools,
  wishes: Wishes,
  lifeline: Lifeline,
): Promise<Answer> {
  const { plan } = prepared;
  const { abort } = lifeline;
  const { signal } = abort;
  const stream = prepared.stream && !outgoing.memo?.plainOnly;
  const sentAt = performance.now();
  let waiting = true;
  // An alarm may ring a moment before the clock says so: the ring counts.
  let late = false;
  const patience = setAlarm(tools.settings.times.firstEvent, () => {
    late = true;
    abort.abort();
  });
  try {
    const reply = await plan.provider.send({
      dialect: plan.upstream.id,
      model: facts.id,
      facts,
      body: outgoing.body,
      stream,
      headers: outgoing.headers,
      signal,
      controller: abort,
    });
    waiting = false;
    wishes.record.upstreamMs += performance.now() - sentAt;
    const judged = stream && reply.status === 200 && reply.framing === "json" ? await byFirstBytes(reply) : reply;
    return await answered(prepared, outgoing, judged, facts, tools, wishes, stream, signal, lifeline);
  } catch (thrown) {
    if (waiting) wishes.record.upstreamMs += performance.now() - sentAt;
    if (late) throw timedOut(thrown);
    throw thrown;
  } finally {
    clearAlarm(patience);
  }
}

/** Judges an upstream's answer by its head and reads it on. */
function answered(
  prepared: Prepared,
  outgoing: Outgoing,
  reply: Reply,
  facts: ModelFacts,
  tools: Tools,
  wishes: Wishes,
  stream: boolean,
  signal: AbortSignal,
  lifeline: Lifeline,
): Promise<Answer> {
  const { plan } = prepared;
  const { record } = wishes;
  record.upstreamStatus = reply.status;
  const requestId = upstreamRequestId(reply.headers);
  if (requestId) record.upstreamRequestId = requestId;
  const headers = answerHeaders(reply, requestId, outgoing, wishes);
  if (reply.status !== 200) return refused(prepared, reply, headers, tools, requestId, signal, record);
  const context: Context = {
    model: plan.model,
    created: wishes.created,
    includeUsage: prepared.includeUsage,
    legacyFunctions: prepared.legacyFunctions,
    facts,
  };
  if (plan.toClient === "translate") context.seed = randomText(40);
  if (outgoing.memo) context.memo = outgoing.memo;
  return stream && reply.framing !== "json"
    ? streamed(prepared, reply, context, headers, tools, wishes, lifeline)
    : whole(prepared, reply, context, headers, tools, wishes, signal);
}

function answerHeaders(
  reply: Reply,
  requestId: string | undefined,
  outgoing: Outgoing,
  wishes: Wishes,
): Record<string, string> {
  const headers = copiedHeaders(reply.headers, requestId);
  if (outgoing.losses.length > 0) headers["x-amazon-chat-losses"] = lossHeader(outgoing.losses);
  if (wishes.record.attempts > 1) headers["x-amazon-chat-attempts"] = String(wishes.record.attempts);
  return headers;
}

/** An upstream error becomes a GatewayError; on a verbatim edge that keeps the status, the body goes out as it came (mapping H.4). */
async function refused(
  prepared: Prepared,
  reply: Reply,
  headers: Record<string, string>,
  tools: Tools,
  requestId: string | undefined,
  signal: AbortSignal,
  record: RequestRecord,
): Promise<Answer> {
  if (reply.status < 400) {
    void reply.body?.cancel().catch(() => undefined);
    throw GatewayError.noAnswer(
      reply.status >= 300
        ? "The upstream answered with a redirect; redirects are never followed."
        : `The upstream answered with status ${reply.status} and no content.`,
    );
  }
  const readAt = performance.now();
  const bytes = await readReply(reply, tools.settings.limits.answerBytes, signal);
  record.upstreamMs += performance.now() - readAt;
  const text = new TextDecoder().decode(bytes);
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

async function whole(
  prepared: Prepared,
  reply: Reply,
  context: Context,
  headers: Record<string, string>,
  tools: Tools,
  wishes: Wishes,
  signal: AbortSignal,
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

/** EMIT_REASONING=off keeps reasoning from OpenAI callers, whose format has no place of its own for it. */
function hidesReasoning({ plan }: Prepared, tools: Tools): boolean {
  return !tools.settings.emitReasoning && plan.reply.id === "openai";
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

function parseAnswer(
  bytes: Uint8Array,
  decodeError: (status: number, headers: Headers, body: string) => GatewayError,
  reply: Reply,
): JsonObject {
  const text = new TextDecoder().decode(bytes);
  let body: unknown;
  try {
    body = JSON.parse(text);
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

async function streamed(
  prepared: Prepared,
  reply: Reply,
  context: Context,
  headers: Record<string, string>,
  tools: Tools,
  wishes: Wishes,
  lifeline: Lifeline,
): Promise<Answer> {
  const { record } = wishes;
  const { body } = reply;
  if (!body) throw GatewayError.noAnswer("The upstream answered a stream without any content.");
  const waitAt = performance.now();
  const pump = new Pump({
    body,
    transform: transformFor(prepared, reply, context, tools),
    watch: tools.watch,
    times: { ...tools.settings.times, deadline: wishes.deadline },
    heartbeat: prepared.plan.reply.stream.heartbeat,
    onClose(closed) {
      lifeline.release();
      wishes.signal.removeEventListener("abort", gone);
      const { finish } = closed.transform.tap;
      const usage = closed.transform.tap.usage ?? closed.transform.usageSoFar?.();
      if (usage) record.usage = usage;
      if (finish) record.finish = finish.reason;
      if (closed.failure) record.errorCode = closed.failure.code ?? closed.failure.kind;
    },
  });
  const gone = (): void => pump.cancel();
  wishes.signal.addEventListener("abort", gone);
  try {
    await pump.start();
  } finally {
    record.upstreamMs += performance.now() - waitAt;
  }
  record.status = 200;
  if (pump.firstAt !== undefined) record.firstEventMs = pump.firstAt - record.startedAt;
  return { status: 200, headers: sseHeaders(headers), pump };
}

function transformFor(prepared: Prepared, reply: Reply, context: Context, tools: Tools): Transform {
  const { plan } = prepared;
  const { eventBytes } = tools.settings.limits;
  const write = tools.framings.sseText;
  const framing = (): ReturnType<typeof tools.framings.sse> =>
    reply.framing === "aws" ? tools.framings.aws(eventBytes) : tools.framings.sse(eventBytes);
  if (plan.toClient === "verbatim" && reply.framing === "sse" && plan.upstream.stream.doneMark) {
    return new ForwardBytes({ dialect: plan.upstream, context, framing, write, maxEvent: eventBytes });
  }
  if (plan.toClient === "verbatim")
    return new ForwardFrames({ framing: framing(), dialect: plan.upstream, context, write });
  return new Translation({
    framing: framing(),
    upstream: plan.upstream,
    reply: plan.reply,
    context,
    write,
    hideReasoning: hidesReasoning(prepared, tools),
    doneMark: plan.upstream.stream.doneMark,
  });
}

/** Mapping C.8. */
function sseHeaders(headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  };
}

function strictError(outgoing: Outgoing): GatewayError {
  const paths = lossText(outgoing.losses);
  return GatewayError.invalid(
    outgoing.losses[0]?.path ?? null,
    `x-amazon-chat-strict: the upstream cannot take everything this request says. It would lose: ${paths}. Remove these fields or the header.`,
    "lossy_conversion",
  );
}

/** The credentials ran out between signing and arriving: fetched anew once (mapping J.4). */
function isExpired(error: GatewayError): boolean {
  return (
    error.kind === "upstream_auth" &&
    /^ExpiredToken|security token .*expired/i.test(`${error.upstreamName ?? ""} ${error.message}`.trim())
  );
}
