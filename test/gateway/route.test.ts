import { describe, expect, test } from "bun:test";
import { baseId, needsFamily, route } from "../../src/gateway/route.ts";
import { defaultSettings } from "../../src/gateway/settings.ts";

const settings = {
  ...defaultSettings.routing,
  extraBedrockProviders: ["acme"],
  extraOpenAIModels: ["llama3:8b", "my-*"],
};
const host = (model: string) => {
  try {
    return route(model, settings).host;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : "?";
  }
};

describe("route (mapping I.1-I.3, case K60)", () => {
  const rows: Record<string, string> = {
    "gpt-4o-mini": "openai",
    "GPT-4o": "openai",
    "o3-mini": "openai",
    o1: "openai",
    "chatgpt-4o-latest": "openai",
    "text-davinci-003": "openai",
    "dall-e-3": "openai",
    "ft:gpt-4.1-nano:acme:sfx:id": "openai",
    "gpt-oss-120b": "openai",
    "gpt-5.6-luna": "openai",
    "gpt-4.1-mini": "openai",
    "openai.gpt-oss-120b-1:0": "bedrock",
    "us.openai.gpt-5.6-luna": "bedrock",
    "anthropic.claude-3-haiku-20240307-v1:0": "bedrock",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0": "bedrock",
    "eu.anthropic.claude-3-haiku-20240307-v1:0": "bedrock",
    "meta.llama3-70b-instruct-v1:0": "bedrock",
    "cohere.command-r-v1:0": "bedrock",
    "ai21.jamba-1-5-mini-v1:0": "bedrock",
    "mistral.mistral-7b-instruct-v0:2": "bedrock",
    "amazon.nova-lite-v1:0": "bedrock",
    "us.amazon.nova-lite-v1:0": "bedrock",
    "mx.newco.model-1": "bedrock",
    "deepseek.v3.2": "bedrock",
    "acme.model": "bedrock",
    "llama3:8b": "openai",
    "my-model": "openai",
    "demo-echo": "demo",
    " gpt-4o ": "openai",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456": "bedrock",
    "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0": "bedrock",
    "arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint": "bedrock",
  };
  for (const [model, expected] of Object.entries(rows))
    test(`${model} → ${expected}`, () => expect(host(model)).toBe(expected));

  const unknown = [
    "octopus",
    "banana",
    "llama3.1:8b",
    "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc",
    "a b",
    "gpt-4o\n",
    "x?y",
    "",
    "a".repeat(3000),
    "o",
    "anthropic.",
  ];
  for (const model of unknown.filter((id) => id.trim() !== "gpt-4o"))
    test(`404: ${JSON.stringify(model).slice(0, 40)}`, () =>
      expect(() => route(model, settings)).toThrow(/does not exist/));

  test("a forgotten provider is hinted at", () => {
    expect(() => route("claude-3-haiku", settings)).toThrow("Did you mean 'anthropic.claude-3-haiku'?");
    expect(() => route("nova-lite-v1:0", settings)).toThrow("Did you mean 'amazon.nova-lite-v1:0'?");
  });

  test("an ARN brings its region and its base id", () => {
    const facts = route(
      "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0",
      settings,
    );
    expect(facts.region).toBe("eu-west-1");
    expect(facts.base).toBe("anthropic.claude-3-haiku-20240307-v1:0");
  });

  test("T-37: an application profile needs a look-up unless the configuration names its family", () => {
    const arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456";
    expect(needsFamily(arn, settings)).toBe(true);
    const told = { ...settings, modelFamily: { [arn]: "anthropic.claude-sonnet-4-5-20250929-v1:0" } };
    expect(needsFamily(arn, told)).toBe(false);
    expect(route(arn, told).family).toBe("claude");
    expect(route(arn, settings, "us.anthropic.claude-sonnet-4-5-20250929-v1:0").family).toBe("claude");
  });

  test("a region outside the operator's list is refused", () => {
    const arn = "arn:aws:bedrock:ap-south-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0";
    expect(() => route(arn, { ...settings, allowedRegions: ["us-east-1"] })).toThrow(/ALLOWED_REGIONS/);
  });

  test("the base id loses the geo prefix and nothing else", () => {
    expect(baseId("us.anthropic.claude-opus-4-6-v1")).toBe("anthropic.claude-opus-4-6-v1");
    expect(baseId("deepseek.v3.2")).toBe("deepseek.v3.2");
    expect(baseId("us-gov.anthropic.claude-3-haiku-20240307-v1:0:28k")).toBe(
      "anthropic.claude-3-haiku-20240307-v1:0:28k",
    );
  });
});
