import { table } from "../key.ts";
import { flag, list, pattern, stringMap, text } from "../types.ts";

export const gateway = table({
  MODEL_FAMILY: {
    group: "gateway",
    type: stringMap,
    about: "Base model id behind an ARN that Bedrock will not tell.",
    example:
      '{"arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc":"anthropic.claude-sonnet-4-5-20250929-v1:0"}',
  },
  EXTRA_BEDROCK_PROVIDERS: {
    group: "gateway",
    type: list,
    about: "First segments of further model ids that belong to Bedrock.",
    example: "newvendor",
  },
  MEDIA_FETCH: {
    group: "gateway",
    type: flag,
    fallback: "on",
    about: "Fetches images and documents that a request names by URL.",
  },
  ALLOW_HTTP_MEDIA: { group: "gateway", type: flag, fallback: "off", about: "Fetches them over plain http too." },
  ALLOW_S3_MEDIA: {
    group: "gateway",
    type: flag,
    fallback: "off",
    about: "Hands s3:// locations to Bedrock, which reads them with the gateway's identity.",
  },
  NEUTRAL_DOC_NAMES: {
    group: "gateway",
    type: flag,
    fallback: "off",
    about: "Sends neutral document names: a name is text that the model reads.",
  },
  EMIT_REASONING: {
    group: "gateway",
    type: flag,
    fallback: "on",
    about: "Gives the model's reasoning to OpenAI callers as `reasoning_content`.",
  },
  COMPAT_MAX_TOKENS: {
    group: "gateway",
    type: flag,
    fallback: "off",
    about: "Translates `max_tokens` to `max_completion_tokens` for OpenAI's reasoning models.",
  },
  GUARDRAIL_IDENTIFIER: {
    group: "gateway",
    type: text,
    about: "Guardrail for Bedrock requests that bring none.",
    example: "gr-example",
  },
  GUARDRAIL_VERSION: {
    group: "gateway",
    type: pattern(/^(?:DRAFT|[1-9]\d{0,7})$/, "DRAFT or a version number"),
    fallback: "DRAFT",
    about: "Version of that guardrail.",
    example: "1",
  },
});
