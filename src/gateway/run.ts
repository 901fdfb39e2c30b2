import { GatewayError } from "../core/error.ts";
import { lossText } from "../core/loss.ts";
import { downgrade } from "../core/models/downgrade.ts";
import type { Answer } from "./answer.ts";
import { answered } from "./answered.ts";
import type { Tools, Wishes } from "./exchange.ts";
import { Lifeline } from "./lifeline.ts";
import type { Outgoing, Prepared } from "./prepare.ts";
import { pause, retryDelay } from "./retry.ts";
import { byFirstBytes } from "./unlabelled.ts";

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
      lifeline.renew(tools.settings.times.firstEvent);
      const sentAt = performance.now();
      let waiting = true;
      try {
        const planned = outgoing.plan ? { ...prepared, plan: outgoing.plan } : prepared;
        const { abort } = lifeline;
        const { signal } = abort;
        const stream = prepared.stream && !outgoing.memo?.plainOnly;
        const head = await planned.plan.provider.send({
          dialect: planned.plan.upstream.id,
          model: facts.id,
          facts,
          body: outgoing.body,
          stream,
          headers: outgoing.headers,
          signal,
          controller: abort,
        });
        waiting = false;
        record.upstreamMs += performance.now() - sentAt;
        const reply = stream && head.status === 200 && head.framing === "json" ? await byFirstBytes(head) : head;
        const answer = await answered({
          prepared: planned,
          outgoing,
          facts,
          reply,
          stream,
          tools,
          wishes,
          lifeline,
          signal,
        });
        handedOver = "pump" in answer;
        return answer;
      } catch (thrown) {
        if (waiting) record.upstreamMs += performance.now() - sentAt;
        const error = lifeline.judge(thrown);
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
