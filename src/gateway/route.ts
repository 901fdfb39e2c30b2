import { GatewayError } from "../core/error.ts";
import { factsOnBedrock, factsOnOpenAI, type ModelFacts } from "../core/models.ts";

export type RouteSettings = {
  /** First segments of further Bedrock ids (mapping I.1 step 7). */
  extraBedrockProviders: readonly string[];
  /** Ids served by OPENAI_BASE_URL beside OpenAI's own; a trailing `*` matches any rest. */
  extraOpenAIModels: readonly string[];
  /** ARN → base model id (mapping I.2). */
  modelFamily: Readonly<Record<string, string>>;
  /** Regions that ARNs may name; empty: any. */
  allowedRegions: readonly string[];
};

/** The facts of the routed model: its `host` names the provider. */
export type Route = ModelFacts;

const openaiPrefixes =
  /^(?:ft:|gpt-|chatgpt-|o[1-9]\d?(?:-|$)|text-|davinci(?:-|$)|babbage(?:-|$)|curie(?:-|$)|ada(?:-|$)|dall-e-|sora-|codex-|computer-use-|whisper-|tts-|omni-moderation-)/i;
const geo = "us-gov|us|eu|apac|jp|au|ca|sa|amer|global";
const bedrockKnown = new RegExp(
  `^(?:(?:${geo})\\.)?((?:ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|stability|twelvelabs|writer|xai|zai)\\.[a-z0-9][a-z0-9._:-]*)$`,
  "i",
);
const bedrockGeo = new RegExp(`^(?:${geo})\\.([a-z][a-z0-9-]{1,62}\\.[a-z0-9][a-z0-9._:-]*)$`, "i");
const bedrockShape = /^[a-z]{2,6}(?:-[a-z]{2,4})?\.([a-z][a-z0-9-]{1,62}\.[a-z0-9][a-z0-9._:-]*)$/i;
const arnShape = /^arn:(aws(?:-[a-z0-9-]+)?):(bedrock|sagemaker):([a-z0-9-]*):(\d{12})?:([a-z-]+)\/(.+)$/;
const forbidden = /[\s\p{Cc}?#\\]/u;

/** ARN resources that can be asked for a chat (mapping I.2). */
const arnResources = new Set([
  "foundation-model",
  "inference-profile",
  "application-inference-profile",
  "provisioned-model",
  "custom-model",
  "custom-model-deployment",
  "imported-model",
  "prompt-router",
  "default-prompt-router",
  "prompt",
  "endpoint",
]);

/**
 * Where a model id is served and what is known about it (mapping I.1–I.3).
 * `family` is the base id that an ARN stands for, if a look-up told it.
 * Throws 404 `model_not_found`, with a hint where the id looks like a Bedrock one.
 */
export function route(model: string, settings: RouteSettings, family?: string): Route {
  const id = model.trim();
  if (id === "" || id.length > 2048 || forbidden.test(id)) throw notFound(id);
  if (id.startsWith("arn:")) return routeArn(id, settings, family);
  if (isDemo(id)) return { ...factsOnOpenAI(id), host: "demo" };
  if (openaiPrefixes.test(id) || settings.extraOpenAIModels.some((pattern) => matches(pattern, id)))
    return factsOnOpenAI(id);
  const base = (bedrockKnown.exec(id) ?? bedrockGeo.exec(id) ?? bedrockShape.exec(id))?.[1];
  if (base) return factsOnBedrock(id, base.toLowerCase());
  if (settings.extraBedrockProviders.includes(id.split(".")[0] ?? "") && id.includes("."))
    return factsOnBedrock(id, id.toLowerCase());
  throw notFound(id);
}

/** A model of the demo provider: answered here, whatever is configured. */
export function isDemo(id: string): boolean {
  return id.startsWith("demo-");
}

/** The ARN resources whose family only the control plane knows. */
export function needsFamily(model: string, settings: RouteSettings): boolean {
  return (
    /^arn:[^:]*:bedrock:[^:]*:\d{12}:(?:application-inference-profile|provisioned-model)\//.test(model) &&
    !settings.modelFamily[model]
  );
}

function routeArn(arn: string, settings: RouteSettings, family: string | undefined): Route {
  const [, , service, region = "", , resource = "", name = ""] = arnShape.exec(arn) ?? [];
  if (!service || !arnResources.has(resource) || (service === "sagemaker") !== (resource === "endpoint"))
    throw notFound(arn);
  if (region && settings.allowedRegions.length > 0 && !settings.allowedRegions.includes(region))
    throw forbiddenRegion(region);
  const known =
    settings.modelFamily[arn] ??
    family ??
    (resource === "foundation-model" || resource === "inference-profile" || resource.endsWith("prompt-router")
      ? name
      : "");
  const facts = factsOnBedrock(arn, baseId(known), region || undefined);
  if (resource === "prompt") return { ...facts, promptOnly: true };
  return resource === "imported-model" ? { ...facts, imported: true } : facts;
}

/** Strips the geo prefix and lower-cases (mapping I.3). */
export function baseId(id: string): string {
  return (
    (bedrockKnown.exec(id) ?? bedrockGeo.exec(id) ?? bedrockShape.exec(id))?.[1]?.toLowerCase() ?? id.toLowerCase()
  );
}

function matches(pattern: string, id: string): boolean {
  return pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : pattern === id;
}

/** Bare family names people type, and the provider segment they forget (mapping I.1 step 8). */
const hints: readonly [RegExp, string][] = [
  [/^claude-/i, "anthropic."],
  [/^(?:nova|titan)-/i, "amazon."],
  [/^(?:llama)\d/i, "meta."],
  [/^(?:mistral|mixtral|ministral|magistral|pixtral|devstral|voxtral)/i, "mistral."],
  [/^command-/i, "cohere."],
  [/^jamba/i, "ai21."],
  [/^deepseek-/i, "deepseek."],
  [/^qwen/i, "qwen."],
  [/^palmyra/i, "writer."],
];

function notFound(model: string): GatewayError {
  const shown = model.length > 200 ? `${model.slice(0, 200)}…` : model;
  const prefix = hints.find(([pattern]) => pattern.test(model))?.[1];
  const hint = prefix ? ` Did you mean '${prefix}${shown}'?` : "";
  return new GatewayError({
    kind: "not_found",
    code: "model_not_found",
    param: "model",
    message: `The model '${shown.replace(/[\p{Cc}]/gu, "?")}' does not exist or you do not have access to it.${hint}`,
  });
}

function forbiddenRegion(region: string): GatewayError {
  return new GatewayError({
    kind: "permission",
    code: "region_not_allowed",
    param: "model",
    message: `This server does not call the region '${region}'. Ask its operator to add it to ALLOWED_REGIONS.`,
  });
}
