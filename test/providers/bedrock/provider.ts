import type { Call } from "../../../src/providers/provider.ts";
import type { BedrockSettings } from "../../../src/providers/bedrock/settings.ts";
import { factsOnBedrock } from "../../../src/core/models.ts";

export const keys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** Settings that touch no file of the machine. */
export function settings(more: Partial<BedrockSettings> = {}): BedrockSettings {
  return {
    region: "us-east-1",
    auth: keys,
    files: { config: "/nowhere/config", credentials: "/nowhere/credentials" },
    connect: { timeout: 5_000, proxied: false },
    ...more,
    endpoints: { fips: false, ...more.endpoints },
  };
}

export const claude = "anthropic.claude-3-haiku-20240307-v1:0";

export function call(more: Partial<Call> = {}): Call {
  const model = more.model ?? claude;
  return {
    dialect: "bedrock_converse",
    model,
    facts: factsOnBedrock(model, model),
    body: '{"messages":[]}',
    stream: false,
    signal: new AbortController().signal,
    ...more,
  };
}
