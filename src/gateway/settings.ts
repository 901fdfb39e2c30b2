import type { RetryPolicy } from "./retry.ts";
import type { RouteSettings } from "./route.ts";
import type { FetchMedia } from "./media.ts";

/** Everything the gateway obeys; made from the configuration by the CLI. Times in ms, sizes in bytes. */
export type GatewaySettings = {
  routing: RouteSettings;
  limits: {
    jsonDepth: number;
    messages: number;
    tools: number;
    media: number;
    eventBytes: number;
    answerBytes: number;
  };
  times: {
    firstEvent: number;
    idle: number;
    heartbeat: number;
    slowReader: number;
    settle: number;
    total: number | undefined;
  };
  retry: RetryPolicy;
  /** OPENAI_BASE_URL is OpenAI's own API: keys that only our answers make are cut from history (mapping G.2). */
  openaiOwnApi: boolean;
  /** Fetches media by URL for upstreams that take bytes only; undefined: switched off. */
  fetchMedia: FetchMedia | undefined;
  /** S3 locations may be handed to Bedrock (the gateway's identity reads them). */
  allowS3Media: boolean;
  /** Reasoning goes to OpenAI callers as `reasoning_content` and `thinking_blocks`. */
  emitReasoning: boolean;
  /** Documents go to Bedrock under names that say nothing. */
  neutralNames: boolean;
  /** `max_tokens` goes up as `max_completion_tokens` to OpenAI models that refuse the old name. */
  compatMaxTokens: boolean;
  /** Applied to Bedrock requests that bring no guardrail of their own. */
  defaultGuardrail: { guardrailIdentifier: string; guardrailVersion: string } | undefined;
};

export const defaultSettings: GatewaySettings = {
  routing: { extraBedrockProviders: [], extraOpenAIModels: [], modelFamily: {}, allowedRegions: [] },
  limits: {
    jsonDepth: 128,
    messages: 10_000,
    tools: 1_000,
    media: 100,
    eventBytes: 16 * 2 ** 20,
    answerBytes: 64 * 2 ** 20,
  },
  times: { firstEvent: 900_000, idle: 300_000, heartbeat: 5_000, slowReader: 60_000, settle: 2_000, total: undefined },
  retry: { attempts: 3, baseMs: 500, capMs: 8_000, patienceS: 60, random: Math.random },
  openaiOwnApi: true,
  fetchMedia: undefined,
  allowS3Media: false,
  emitReasoning: true,
  neutralNames: false,
  compatMaxTokens: false,
  defaultGuardrail: undefined,
};
