import type { Block, ChatRequest, MediaKind } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import { isObject, type Json, type JsonObject } from "../core/json.ts";
import { inBodyOrder, type Loss, type Memo } from "../core/loss.ts";
import type { ModelFacts } from "../core/models.ts";
import { nested } from "../core/nested.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Body } from "./body.ts";
import { foreignKeys, invokeHeaders, leftBehind, travelling, withoutOwnKeys } from "./extensions.ts";
import { inlineMedia } from "./media.ts";
import { mediaPlace } from "./media-place.ts";
import type { Plan } from "./plan.ts";
import { refuseS3 } from "./refuse-s3.ts";
import type { GatewaySettings } from "./settings.ts";
import { boundForBedrock } from "./upstream-size.ts";

/** What goes upstream, and what it cost. Made again with other facts when a model refuses something (mapping B.12). */
export type Outgoing = {
  body: Uint8Array<ArrayBuffer> | string;
  headers: Record<string, string>;
  losses: Loss[];
  memo: Memo | undefined;
  /** The plan, where the facts made it another one. */
  plan?: Plan;
};

export type Prepared = {
  plan: Plan;
  /** The caller wants a stream. */
  stream: boolean;
  includeUsage: boolean;
  legacyFunctions: boolean;
  outgoing(facts: ModelFacts): Outgoing;
  /** Where the caller wrote the first media of a kind, for an upstream that refuses it. */
  mediaPlace?: (kind: MediaKind) => string | undefined;
};

/**
 * Makes the upstream body: the bytes as they came on a verbatim edge but for what the upstream cannot do without,
 * a translation through the hub otherwise. Throws 400 for what must not be guessed or lost.
 */
export function prepare(plan: Plan, body: Body, inbound: Inbound): Prepared | Promise<Prepared> {
  if (plan.reply.id === "bedrock_titan") refuseTools(body);
  if (plan.toUpstream === "verbatim" && plan.upstream.id === "openai") return openaiVerbatim(plan, body, inbound);
  if (plan.toUpstream === "verbatim") return nativeVerbatim(plan, body, inbound);
  return translated(plan, body, inbound);
}

function refuseTools(body: Body): void {
  const key = ["tools", "functions"].find((name) => {
    const value = body.value(name);
    // An empty list names no tool (recorded in Claude bodies).
    return Array.isArray(value) ? value.length > 0 : body.has(name) && value !== null;
  });
  if (key)
    throw GatewayError.unsupported(
      key,
      `'${key}' cannot be used with target_format 'bedrock_titan'. Ask for 'openai' or 'bedrock_claude'.`,
      "invalid_value",
    );
}

type Inbound = { headers: Headers; stream: boolean; settings: GatewaySettings; signal: AbortSignal };

function openaiVerbatim(plan: Plan, body: Body, { stream, settings }: Inbound): Prepared {
  const drop = plan.provider.id === "demo" ? new Set<string>() : foreignKeys(body, "openai");
  // A translated answer needs the usage, also when the caller did not ask for it (mapping G.6).
  const addUsage = stream && plan.toClient === "translate";
  const options = body.value("stream_options");
  const asked =
    typeof options === "object" && options !== null && "include_usage" in options && options.include_usage === true;
  const put: JsonObject = settings.compatMaxTokens ? renamedMaxTokens(plan, body) : {};
  if (addUsage && !asked) put["stream_options"] = { ...(options as JsonObject | undefined), include_usage: true };
  let losses: Loss[] = drop.size === 0 ? [] : extensionLosses(drop);
  if ("max_completion_tokens" in put) drop.add("max_tokens");
  if (body.peeked.ownKeyHint && plan.provider.id === "openai") {
    const { messages, paths } = withoutOwnKeys(body.json["messages"], settings.openaiOwnApi);
    losses = losses.concat(paths.map((path) => ({ path, feature: "key of the gateway's own", action: "dropped" })));
    if (paths.length > 0) put["messages"] = messages;
  }
  const bytes = body.edited(drop, put);
  const outgoing: Outgoing = { body: bytes, headers: {}, losses: inOrder(body, losses), memo: undefined };
  return {
    plan,
    stream,
    includeUsage: plan.reply.id !== "openai" || asked,
    legacyFunctions: body.has("functions"),
    outgoing: () => outgoing,
  };
}

/** COMPAT_MAX_TOKENS: the old name under its new one, for models that refuse the old (mapping G.2). */
function renamedMaxTokens(plan: Plan, body: Body): JsonObject {
  if (plan.facts.openai?.maxTokensField !== "max_completion_tokens" || body.has("max_completion_tokens")) return {};
  const maxTokens = body.value("max_tokens");
  return typeof maxTokens === "number" ? { max_completion_tokens: maxTokens } : {};
}

/** Extensions that OpenAI does not get are losses like everything else the caller wrote (mapping 0.13). */
function extensionLosses(keys: Iterable<string>): Loss[] {
  return [...keys].map((path) => ({ path, feature: "gateway extension", action: "dropped" }));
}

/** Claude and Titan bodies to their own models: `model`, `stream` and our extensions leave, the rest stays byte for byte (mapping F.2). */
async function nativeVerbatim(
  plan: Plan,
  body: Body,
  { headers, stream, settings, signal }: Inbound,
): Promise<Prepared> {
  const drop = foreignKeys(body, plan.upstream.id);
  const demo = plan.provider.id === "demo";
  const losses = demo
    ? []
    : extensionLosses([...[...drop].filter((key) => !travelling.has(key)), ...(drop.size > 0 ? leftBehind(body) : [])]);
  if (demo) drop.delete("demo");
  else for (const key of ["model", "stream"]) drop.add(key);
  const put: JsonObject = {};
  if (plan.upstream.id === "bedrock_claude") {
    if (!body.has("max_tokens"))
      throw GatewayError.invalid("max_tokens", "max_tokens: Field required", "missing_required_parameter");
    if (!body.has("anthropic_version")) put["anthropic_version"] = "bedrock-2023-05-31";
    const betas = mergedBetas(headers, body);
    if (betas) put["anthropic_beta"] = betas;
  } else {
    const text = body.value("inputText");
    if (typeof text !== "string" || text === "")
      throw GatewayError.invalid("inputText", "inputText: expected a non-empty string", "invalid_type");
  }
  if (plan.upstream.id === "bedrock_claude" && !demo) {
    let messages = body.peeked.ownKeyHint || body.peeked.urlHint ? body.json["messages"] : undefined;
    if (body.peeked.ownKeyHint) {
      const cut = withoutOwnKeys(messages, false);
      losses.push(...extensionLosses(cut.paths));
      if (cut.paths.length > 0) put["messages"] = messages = cut.messages;
    }
    const inlined = body.peeked.urlHint
      ? await messagesInlined(
          plan.request,
          { ...body.json, ...(messages !== undefined && { messages }) },
          { fetch: settings.fetchMedia, max: settings.limits.media, signal },
        )
      : undefined;
    if (inlined !== undefined) put["messages"] = inlined;
  }
  const bytes = body.edited(drop, put);
  if (!demo) boundForBedrock(bytes);
  const outgoing: Outgoing = {
    body: bytes,
    headers: demo ? {} : invokeHeaders(body, settings.defaultGuardrail),
    losses: inOrder(body, losses),
    memo: undefined,
  };
  return { plan, stream, includeUsage: true, legacyFunctions: false, outgoing: () => outgoing };
}

/** The body's `anthropic_beta` and the header `anthropic-beta`, without repeats; undefined when the body's own is all there is. */
function mergedBetas(headers: Headers, body: Body): string[] | undefined {
  const header = headers.get("anthropic-beta");
  if (!header) return undefined;
  const own = body.value("anthropic_beta");
  const listed = Array.isArray(own) ? own.filter((item): item is string => typeof item === "string") : [];
  return [
    ...new Set([
      ...listed,
      ...header
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean),
    ]),
  ];
}

/**
 * Bedrock has no URL sources: they are fetched into the caller's own messages, nothing else of them changes.
 * Returns undefined when there are none.
 */
async function messagesInlined(
  dialect: Dialect,
  body: JsonObject,
  options: Parameters<typeof inlineMedia>[1],
): Promise<Json | undefined> {
  const request = dialect.request.decode(body);
  const inlined = await inlineMedia(request, options);
  if (inlined === request) return undefined;
  const sources = new Map<string, JsonObject>();
  const walk = (blocks: readonly Block[]): void => {
    for (const block of blocks) {
      if (block.type === "media" && block.source.kind === "base64" && block.at) {
        sources.set(block.at, { type: "base64", media_type: block.mediaType, data: block.source.data });
      } else walk(nested(block));
    }
  };
  for (const message of inlined.messages) walk(message.content);
  return replaceSources(body["messages"] ?? [], "messages", sources);
}

function replaceSources(node: Json, path: string, sources: ReadonlyMap<string, JsonObject>): Json {
  if (Array.isArray(node)) return node.map((item, i) => replaceSources(item, `${path}[${i}]`, sources));
  if (!isObject(node)) return node;
  const entries = Object.entries(node).map(
    ([key, value]) => [key, replaceSources(value, `${path}.${key}`, sources)] as const,
  );
  const source = sources.get(path);
  const rebuilt = Object.fromEntries(entries);
  return source && isObject(node["source"]) && node["source"]["type"] === "url" ? { ...rebuilt, source } : rebuilt;
}

function translated(plan: Plan, body: Body, inbound: Inbound): Prepared | Promise<Prepared> {
  const { headers, settings, signal } = inbound;
  let request = plan.request.request.decode(withoutDemo(body.json));
  bound(request, settings);
  const betas = plan.request.id === "bedrock_claude" ? mergedBetas(headers, body) : undefined;
  if (betas) request = { ...request, betas };
  if (settings.defaultGuardrail && !request.extensions?.guardrail_config && plan.provider.id === "bedrock") {
    request = { ...request, extensions: { ...request.extensions, guardrail_config: { ...settings.defaultGuardrail } } };
  }
  if (plan.provider.id !== "bedrock" && plan.provider.id !== "openai") return hubbed(plan, body, inbound, request);
  const media = { fetch: settings.fetchMedia, max: settings.limits.media, signal };
  // OpenAI reads images by URL itself; a document must come as bytes.
  const found = inlineMedia(request, plan.provider.id === "openai" ? { ...media, only: "document" } : media);
  return found instanceof Promise
    ? found.then((inlined) => hubbed(plan, body, inbound, inlined))
    : hubbed(plan, body, inbound, found);
}

/** Only the demo provider reads it, and that one is never translated for. */
function withoutDemo(body: JsonObject): JsonObject {
  if (body["demo"] === undefined) return body;
  const { demo: _, ...rest } = body;
  return rest;
}

/** A request in the hub, ready to be written for its upstream as often as it is tried. */
function hubbed(plan: Plan, body: Body, { stream, settings }: Inbound, request: ChatRequest): Prepared {
  if (plan.provider.id === "bedrock" && !settings.allowS3Media) refuseS3(request);
  const foreign = body.has("demo") ? extensionLosses(["demo"]) : [];
  return {
    plan,
    stream,
    includeUsage: request.includeUsage,
    legacyFunctions: request.legacyFunctions === true,
    mediaPlace: (kind) => mediaPlace(request, kind),
    outgoing(facts) {
      const other = facts.takesOpenAIBodies ? plan.otherwise : undefined;
      // OpenAI's own body towards OpenAI's format leaves nothing behind.
      const left = other && plan.request.id === "openai" ? [] : plan.request.request.leave(request, facts);
      const encoded = (other ?? plan.upstream).request.encode(request, facts);
      // A translated body for InvokeModel: its guardrail and metadata travel beside it.
      const invoked = plan.provider.id === "bedrock" && (other !== undefined || plan.upstream.id === facts.native);
      const behind = invoked ? extensionLosses(leftBehind(body)) : [];
      const text = JSON.stringify(encoded.value);
      if (plan.provider.id === "bedrock") boundForBedrock(text);
      return {
        body: text,
        headers: invoked ? invokeHeaders(body, settings.defaultGuardrail) : {},
        losses: inOrder(body, foreign, left, encoded.losses, behind),
        memo: encoded.memo,
        ...(other && { plan: { ...plan, upstream: other } }),
      };
    },
  };
}

function inOrder(body: Body, ...lists: (readonly Loss[])[]): Loss[] {
  return lists.every((list) => list.length === 0) ? [] : inBodyOrder(body.json, lists.flat());
}

function bound(request: ChatRequest, { limits }: GatewaySettings): void {
  if (request.messages.length > limits.messages) {
    throw GatewayError.invalid(
      "messages",
      `The request has ${request.messages.length} messages; this server takes at most ${limits.messages}.`,
      "array_above_max_length",
    );
  }
  if ((request.tools?.length ?? 0) > limits.tools) {
    throw GatewayError.invalid(
      "tools",
      `The request has ${request.tools?.length} tools; this server takes at most ${limits.tools}.`,
      "array_above_max_length",
    );
  }
}
