import type { DialectId } from "../core/chat.ts";
import type { ModelFacts } from "../core/models.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Provider } from "../providers/provider.ts";

export type Edge = "verbatim" | "translate";

/** What will be done with one request: decided here and nowhere else (design.md section 3). Prints well. */
export type Plan = {
  model: string;
  facts: ModelFacts;
  provider: Provider;
  request: Dialect;
  upstream: Dialect;
  reply: Dialect;
  toUpstream: Edge;
  toClient: Edge;
  /** What goes upstream once the model has shown that it is not served by `upstream` (mapping F.2, imported models). */
  otherwise?: Dialect;
};

/**
 * The table of design.md section 3: the request's own dialect when the provider speaks it for this model, else the
 * provider's first. Each edge is decided by itself.
 */
export function plan(input: {
  request: DialectId;
  reply: DialectId;
  facts: ModelFacts;
  provider: Provider;
  dialect: (id: DialectId) => Dialect;
}): Plan {
  const { facts, provider, dialect } = input;
  const spoken = provider.speaks(facts);
  const first = spoken[0];
  if (first === undefined) throw new Error(`provider ${provider.id} speaks no dialect`);
  const upstream = spoken.includes(input.request) ? input.request : first;
  return {
    model: facts.id,
    facts,
    provider,
    request: dialect(input.request),
    upstream: dialect(upstream),
    reply: dialect(input.reply),
    toUpstream: upstream === input.request ? "verbatim" : "translate",
    toClient: upstream === input.reply ? "verbatim" : "translate",
    ...(facts.imported && { otherwise: dialect("openai_over_invoke") }),
  };
}
