import { GatewayError } from "../core/error.ts";
import type { Context } from "../dialects/dialect.ts";
import type { Reply } from "../providers/provider.ts";
import type { Answer } from "./answer.ts";
import type { Exchange, Tools } from "./exchange.ts";
import { ForwardBytes } from "./forward-bytes.ts";
import { ForwardFrames } from "./forward.ts";
import type { Prepared } from "./prepare.ts";
import { Pump } from "./pump.ts";
import { hidesReasoning } from "./shown.ts";
import { sseHeaders } from "./sse-headers.ts";
import type { Transform } from "./transform.ts";
import { Translation } from "./translation.ts";

/** A streamed answer, begun: what fails before its first event is thrown and can still be a status. */
export async function streamed(
  { prepared, reply, tools, wishes, lifeline }: Exchange,
  context: Context,
  headers: Record<string, string>,
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
      const { finish } = closed.transform.tap;
      const usage = closed.transform.tap.usage ?? closed.transform.usageSoFar?.();
      if (usage) record.usage = usage;
      if (finish) record.finish = finish.reason;
      if (closed.failure) record.errorCode = closed.failure.code ?? closed.failure.kind;
    },
  });
  lifeline.onLeave = () => pump.cancel();
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
