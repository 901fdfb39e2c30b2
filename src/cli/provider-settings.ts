import type { Config } from "../config/load.ts";
import { absolute } from "../config/paths.ts";
import { goesThroughProxy } from "../config/proxy.ts";
import type { BedrockSettings } from "../providers/bedrock/settings.ts";
import type { OpenAISettings } from "../providers/openai/index.ts";
import { awsIdentity } from "./aws-identity.ts";
import { openaiKey } from "./openai-key.ts";

/** What the OpenAI provider needs. Runs OPENAI_API_KEY_CMD where no key is set; throws a ConfigError when that fails. */
export function openaiSettings(config: Config): OpenAISettings {
  const baseUrl = config.get("OPENAI_BASE_URL");
  return {
    baseUrl,
    apiKey: openaiKey(config),
    organization: config.get("OPENAI_ORGANIZATION"),
    project: config.get("OPENAI_PROJECT"),
    keyNeeded: new URL(baseUrl).hostname === "api.openai.com",
    connect: { timeout: config.get("CONNECT_TIMEOUT"), proxied: goesThroughProxy(baseUrl) },
  };
}

/** What the Bedrock provider needs. Inconsistent settings are its business (mapping J.1). */
export function bedrockSettings(config: Config): BedrockSettings {
  const own = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : absolute(path, process.cwd(), config.paths.home);
  const urls = {
    runtime: config.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
    control: config.get("AWS_ENDPOINT_URL_BEDROCK"),
    sts: config.get("AWS_ENDPOINT_URL_STS"),
    all: config.get("AWS_ENDPOINT_URL"),
  };
  const runtime = urls.runtime ?? urls.all ?? "https://bedrock-runtime.us-east-1.amazonaws.com";
  return {
    region: config.get("AWS_REGION") ?? config.get("AWS_DEFAULT_REGION"),
    auth: awsIdentity(config),
    endpoints: {
      ...(urls.runtime !== undefined && { runtime: urls.runtime }),
      ...(urls.control !== undefined && { control: urls.control }),
      ...(urls.sts !== undefined && { sts: urls.sts }),
      ...(urls.all !== undefined && { all: urls.all }),
      fips: config.get("AWS_USE_FIPS_ENDPOINT"),
    },
    files: { config: own(config.get("AWS_CONFIG_FILE")), credentials: own(config.get("AWS_SHARED_CREDENTIALS_FILE")) },
    metadataDisabled: config.get("AWS_EC2_METADATA_DISABLED"),
    connect: { timeout: config.get("CONNECT_TIMEOUT"), proxied: goesThroughProxy(runtime) },
  };
}
