import type { Config } from "../config/load.ts";
import { defaultSettings, type GatewaySettings } from "../gateway/settings.ts";
import { mediaDefaults, mediaFetcher } from "../providers/media/fetch.ts";

/** What the gateway obeys, from the configuration. */
export function gatewaySettings(config: Config): GatewaySettings {
  const guardrail = config.get("GUARDRAIL_IDENTIFIER");
  return {
    routing: {
      extraBedrockProviders: config.get("EXTRA_BEDROCK_PROVIDERS") ?? [],
      extraOpenAIModels: config.get("OPENAI_MODELS") ?? [],
      modelFamily: config.get("MODEL_FAMILY") ?? {},
      allowedRegions: config.get("ALLOWED_REGIONS") ?? [],
    },
    limits: {
      jsonDepth: config.get("MAX_JSON_DEPTH"),
      messages: config.get("MAX_MESSAGES"),
      tools: config.get("MAX_TOOLS"),
      media: config.get("MAX_MEDIA"),
      eventBytes: config.get("MAX_EVENT_BYTES"),
      answerBytes: config.get("MAX_ANSWER_BYTES"),
    },
    times: {
      ...defaultSettings.times,
      firstEvent: config.get("FIRST_EVENT_TIMEOUT"),
      idle: config.get("IDLE_TIMEOUT"),
      slowReader: config.get("SLOW_READER_TIMEOUT"),
      total: config.get("REQUEST_TIMEOUT"),
    },
    retry: { ...defaultSettings.retry, attempts: config.get("MAX_RETRIES") + 1 },
    openaiOwnApi:
      config.get("OPENAI_BASE_URL") === undefined || config.explain("OPENAI_BASE_URL").source?.layer === "default",
    fetchMedia: config.get("MEDIA_FETCH")
      ? mediaFetcher({ ...mediaDefaults, allowHttp: config.get("ALLOW_HTTP_MEDIA") })
      : undefined,
    allowS3Media: config.get("ALLOW_S3_MEDIA"),
    emitReasoning: config.get("EMIT_REASONING"),
    neutralNames: config.get("NEUTRAL_DOC_NAMES"),
    compatMaxTokens: config.get("COMPAT_MAX_TOKENS"),
    defaultGuardrail: guardrail
      ? { guardrailIdentifier: guardrail, guardrailVersion: config.get("GUARDRAIL_VERSION") ?? "DRAFT" }
      : undefined,
  };
}
