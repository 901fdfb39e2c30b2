import type { Config } from "../config/load.ts";
import { dialect } from "../dialects/registry.ts";
import { awsDecoder } from "../framing/aws.ts";
import { sseText } from "../framing/sse-text.ts";
import { sseDecoder } from "../framing/sse.ts";
import { createGateway, type Gateway } from "../gateway/gateway.ts";
import { createListing, type Listing, type ModelSource } from "../gateway/listing.ts";
import { type BedrockProvider, bedrockProvider } from "../providers/bedrock/index.ts";
import { demoModels } from "../providers/demo/models.ts";
import { demoProvider } from "../providers/demo/index.ts";
import { type OpenAIProvider, openaiProvider } from "../providers/openai/index.ts";
import { gatewaySettings } from "./gateway-settings.ts";
import { bedrockSettings, openaiSettings } from "./provider-settings.ts";

/** The core, wired: what `serve`, `chat`, `models` and `explain` share. */
export type Runtime = {
  gateway: Gateway;
  listing: Listing;
  openai: OpenAIProvider;
  bedrock: BedrockProvider;
  sources: readonly ModelSource[];
};

const listingLifeMs = 5 * 60_000;

/** `say` gets a line for the operator when a source of models fails. */
export function createRuntime(config: Config, options: { demo: boolean; say: (line: string) => void }): Runtime {
  const openai = openaiProvider(openaiSettings(config));
  const bedrock = bedrockProvider(bedrockSettings(config));
  const gateway = createGateway({
    settings: gatewaySettings(config),
    providers: { openai, bedrock, demo: options.demo ? demoProvider({ dialect }) : undefined },
    dialect,
    framings: { sse: sseDecoder, aws: awsDecoder, sseText },
    modelFamily: bedrock.modelFamily,
  });
  const sources: ModelSource[] = [
    ...(options.demo
      ? [{ name: "demo", list: async () => demoModels.map(({ id }) => ({ id, created: 0, owned_by: "demo" })) }]
      : []),
    ...[openai, bedrock]
      .filter((provider) => provider.problem() === undefined)
      .map((provider) => ({ name: provider.id, list: (signal: AbortSignal) => provider.listModels(signal) })),
  ];
  const listing = createListing(sources, listingLifeMs, (source, error) => {
    options.say(
      `The list of ${source}'s models could not be had: ${error instanceof Error ? error.message : "unknown error"}`,
    );
  });
  return { gateway, listing, openai, bedrock, sources };
}
