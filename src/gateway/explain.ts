import { parseExact } from "../core/json.ts";
import { lossHeader } from "../core/loss.ts";
import type { ModelFacts } from "../core/models.ts";
import type { Answer } from "./answer.ts";
import type { Detection } from "./detect.ts";
import type { Prepared } from "./prepare.ts";

/**
 * What would be done with a request: detection, plan, the exact upstream request, the losses. Nothing is sent.
 * It is made by the code that serves (design.md house rule 5).
 */
export function explanation(prepared: Prepared, detection: Detection, facts: ModelFacts): Answer {
  const outgoing = prepared.outgoing(facts);
  const plan = outgoing.plan ?? prepared.plan;
  const stream = prepared.stream && !outgoing.memo?.plainOnly;
  const text = typeof outgoing.body === "string" ? outgoing.body : new TextDecoder().decode(outgoing.body);
  const preview = plan.provider.preview?.({
    dialect: plan.upstream.id,
    model: facts.id,
    facts,
    stream,
    headers: outgoing.headers,
  });
  const told = {
    detected: detection,
    model: plan.model,
    provider: plan.provider.id,
    plan: {
      request: plan.request.id,
      upstream: plan.upstream.id,
      reply: plan.reply.id,
      to_upstream: plan.toUpstream,
      to_client: plan.toClient,
    },
    upstream: { ...preview, stream, body: parseExact(text) },
    losses: outgoing.losses,
    losses_header: lossHeader(outgoing.losses),
    problem: plan.provider.problem() ?? null,
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(told, null, 2) };
}
