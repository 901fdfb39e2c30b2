import { GatewayError } from "../core/error.ts";
import type { DialectId } from "../core/chat.ts";
import type { ModelFacts } from "../core/models.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Provider } from "../providers/provider.ts";
import { type Answer, answerError } from "./answer.ts";
import { Body } from "./body.ts";
import { detect, type Detection } from "./detect.ts";
import { explanation } from "./explain.ts";
import type { Framings } from "./framings.ts";
import { Learned } from "./learned.ts";
import { plan, type Plan } from "./plan.ts";
import { prepare } from "./prepare.ts";
import type { RequestRecord } from "./record.ts";
import { needsFamily, route } from "./route.ts";
import { run } from "./run.ts";
import type { GatewaySettings } from "./settings.ts";
import { targetDialect } from "./target.ts";
import { Watch } from "./watch.ts";

export type Parts = {
  settings: GatewaySettings;
  providers: Readonly<Record<"openai" | "bedrock" | "demo", Provider | undefined>>;
  dialect: (id: DialectId) => Dialect;
  framings: Framings;
  /** Base model id behind an ARN, by look-up; undefined when it cannot be told (mapping I.2). */
  modelFamily?: (arn: string, signal: AbortSignal) => Promise<string | undefined>;
};

export type Inbound = {
  /** The body as it came. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The raw `target_format` of the query string. */
  target: string | null;
  headers: Headers;
  /** Aborted when the caller leaves. It belongs to this request alone: it is listened to for good. */
  signal: AbortSignal;
  record: RequestRecord;
};

/** The use case: one chat request in, one answer out, whatever went wrong. It never throws. */
export type Gateway = {
  chat(inbound: Inbound): Promise<Answer>;
  /** Ends all running streams with their typed error; says how many there were. */
  cut(): number;
};

export function createGateway(parts: Parts): Gateway {
  const watch = new Watch();
  const learned = new Learned(() => performance.now());
  const tools = { ...parts, watch, learned };

  /** Facts are the same for every request of a model; building them is not free. */
  const routes = new Map<string, ModelFacts>();
  function routed(model: string): ModelFacts {
    const known = routes.get(model);
    if (known) return known;
    const facts = named(route(model, parts.settings.routing));
    if (routes.size >= 1000) routes.clear();
    routes.set(model, facts);
    return facts;
  }

  function named(facts: ModelFacts): ModelFacts {
    return parts.settings.neutralNames ? { ...facts, neutralDocumentNames: true } : facts;
  }

  async function chat(inbound: Inbound): Promise<Answer> {
    let reply = parts.dialect("openai");
    const { record } = inbound;
    try {
      if (inbound.target !== null) reply = parts.dialect(targetDialect(inbound.target));
      record.replyDialect = reply.id;
      const body = new Body(inbound.bytes, parts.settings.limits.jsonDepth);
      const detection = detect(body, inbound.headers);
      record.requestDialect = detection.dialect;
      const wanted = planFor(body, detection, reply.id, inbound.signal);
      // What is there already is not waited for: each wait costs a turn of the loop.
      const planned = wanted instanceof Promise ? await wanted : wanted;
      note(record, planned);
      const stream = streamWish(body);
      record.stream = stream;
      const { headers, signal } = inbound;
      const made = prepare(planned, body, { headers, stream, settings: parts.settings, signal });
      const prepared = made instanceof Promise ? await made : made;
      if (truthy(headers.get("x-amazon-chat-explain")))
        return explanation(prepared, detection, learned.apply(planned.facts));
      const problem = planned.provider.problem();
      if (problem !== undefined) throw notConfigured(planned.model, problem);
      record.region ??= planned.provider.region?.();
      return await run(prepared, tools, {
        signal,
        record,
        strict: truthy(headers.get("x-amazon-chat-strict")),
        deadline: deadline(headers, parts.settings.times.total),
        created: Math.floor(Date.now() / 1000),
      });
    } catch (thrown) {
      return answerError(GatewayError.from(thrown), reply, record);
    }
  }

  function planFor(body: Body, detection: Detection, reply: DialectId, signal: AbortSignal): Plan | Promise<Plan> {
    const model = modelOf(body);
    const { routing } = parts.settings;
    const facts = routed(model);
    if (facts.host !== "bedrock" || !parts.modelFamily || !needsFamily(facts.id, routing))
      return planOf(facts, detection, reply);
    return parts
      .modelFamily(facts.id, signal)
      .then((family) => planOf(named(route(model, routing, family)), detection, reply));
  }

  function planOf(facts: ModelFacts, detection: Detection, reply: DialectId): Plan {
    if (facts.notChat) {
      throw GatewayError.unsupported(
        "model",
        `The model '${facts.id}' is not a chat model and thus not supported in the v1/chat/completions endpoint.`,
        "unsupported_model",
      );
    }
    const provider = parts.providers[facts.host];
    if (!provider) throw facts.host === "demo" ? demoOff(facts.id) : notConfigured(facts.id);
    return plan({ request: detection.dialect, reply, facts, provider, dialect: parts.dialect });
  }

  return { chat, cut: () => watch.cut(shuttingDown()) };
}

function modelOf(body: Body): string {
  const model = body.value("model");
  if (model === undefined || model === null || model === "") {
    throw GatewayError.invalid("model", "you must provide a model parameter", "missing_required_parameter");
  }
  if (typeof model !== "string") throw GatewayError.type("model", "a string", model);
  return model;
}

function streamWish(body: Body): boolean {
  const stream = body.value("stream");
  if (stream === undefined || stream === null) return false;
  if (typeof stream !== "boolean") throw GatewayError.type("stream", "a boolean", stream);
  return stream;
}

function truthy(header: string | null): boolean {
  return header !== null && /^(?:true|1|yes)$/i.test(header.trim());
}

/** ms beyond which setTimeout rings at once: 25 days are no deadline. */
const longestTimer = 2 ** 31 - 1;

/** Monotonic ms at which the request ends. The caller can only shorten the configured total (design.md section 8). */
function deadline(headers: Headers, total: number | undefined): number | undefined {
  const header = headers.get("x-request-timeout-ms");
  const now = performance.now();
  if (header === null) return total === undefined ? undefined : now + total;
  const wished = Number(header);
  if (!/^\d+$/.test(header.trim()) || wished === 0) {
    throw GatewayError.invalid(
      "x-request-timeout-ms",
      "Invalid header 'x-request-timeout-ms': expected a positive whole number of milliseconds.",
    );
  }
  const ms = Math.min(wished, total ?? Number.POSITIVE_INFINITY);
  return ms > longestTimer ? undefined : now + ms;
}

function note(record: RequestRecord, planned: Plan): void {
  record.model = planned.model;
  record.provider = planned.provider.id;
  if (planned.facts.region) record.region = planned.facts.region;
  record.upstreamDialect = planned.upstream.id;
  record.edges = `${planned.toUpstream}/${planned.toClient}`;
}

function notConfigured(model: string, problem?: string): GatewayError {
  return new GatewayError({
    kind: "not_configured",
    code: "provider_not_configured",
    param: "model",
    message: `The provider for model '${model}' is not configured on this server.${problem ? ` ${problem}` : ""}`,
  });
}

function shuttingDown(): GatewayError {
  return new GatewayError({
    kind: "overloaded",
    code: "server_shutting_down",
    message: "The server is shutting down and could not finish this answer. Send the request again.",
  });
}

function demoOff(model: string): GatewayError {
  return new GatewayError({
    kind: "not_found",
    code: "model_not_found",
    param: "model",
    message: `The model '${model}' does not exist or you do not have access to it. Demo models are served with: amazon-chat serve --demo`,
  });
}
