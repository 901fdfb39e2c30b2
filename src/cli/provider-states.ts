import type { Config } from "../config/load.ts";
import { bedrockProvider } from "../providers/bedrock/index.ts";
import { openaiProvider } from "../providers/openai/index.ts";
import { bedrockSettings, openaiSettings } from "./provider-settings.ts";

/** One line per provider for the banner: ready and how, or not ready and why. Asks nobody. */
export function providerStates(config: Config): { name: string; text: string }[] {
  return [
    { name: "openai", text: openaiState(config) },
    { name: "bedrock", text: bedrockState(config) },
  ];
}

function openaiState(config: Config): string {
  const problem = openaiProvider(openaiSettings(config)).problem();
  if (problem !== undefined) return `not ready: ${problem}`;
  const key = config.shown("OPENAI_API_KEY");
  const base =
    config.explain("OPENAI_BASE_URL").source?.layer === "default" ? "" : `, ${config.shown("OPENAI_BASE_URL") ?? ""}`;
  return key === undefined
    ? `ready   no key${base}`
    : `ready   key ${key} (${config.explain("OPENAI_API_KEY").source?.name ?? ""})${base}`;
}

function bedrockState(config: Config): string {
  const settings = bedrockSettings(config);
  const provider = bedrockProvider(settings);
  const problem = provider.problem();
  if (problem !== undefined) return `not ready: ${problem}`;
  const profile = settings.auth.profile;
  const how =
    provider.plan.method === "profile" && profile ? `profile ${profile}` : provider.plan.method.replaceAll("_", " ");
  return `ready   ${provider.region() ?? "no region"}, ${how}`;
}
