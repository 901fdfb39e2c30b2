import { factsOnBedrock, factsOnOpenAI, type ModelFacts } from "../../core/models.ts";
import { isNotChatOnOpenAI } from "../../core/models/not-chat.ts";
import type { ListedModel } from "../../gateway/listing.ts";
import { baseId } from "../../gateway/route.ts";
import { demoModels } from "../../providers/demo/models.ts";

export const capabilities = ["image", "document", "audio", "video", "tools", "think", "schema", "cache"] as const;
export type Capability = (typeof capabilities)[number];

/** What people write for a capability beside its own name. */
export const capabilityWords: Readonly<Record<string, Capability>> = {
  ...Object.fromEntries(capabilities.map((name) => [name, name])),
  vision: "image",
  images: "image",
  pdf: "document",
  documents: "document",
  tool: "tools",
  reasoning: "think",
  thinking: "think",
  json: "schema",
};

/** A listed model with what is known about it. */
export type DescribedModel = ListedModel & { provider: string; capabilities: readonly Capability[] };

/** `provider` is the source that listed it; what it can do comes from the table of models. */
export function describe(model: ListedModel, provider: string): DescribedModel {
  return { ...model, provider, capabilities: capabilitiesOf(model.id, provider) };
}

function capabilitiesOf(id: string, provider: string): Capability[] {
  if (provider === "demo") {
    const own = demoModels.find((model) => model.id === id)?.capabilities ?? [];
    return [
      ...(own.includes("tools") ? (["tools"] as const) : []),
      ...(own.includes("reasoning") ? (["think"] as const) : []),
    ];
  }
  const facts = provider === "bedrock" ? factsOnBedrock(id, baseId(id)) : factsOnOpenAI(id);
  // Nothing is known of it but optimism.
  if (facts.family === "unknown") return [];
  return capabilities.filter((name) => has(facts, name));
}

function has(facts: ModelFacts, name: Capability): boolean {
  switch (name) {
    case "image":
    case "document":
    case "audio":
    case "video":
    case "tools":
    case "cache":
      return facts[name];
    case "think":
      return facts.reasoning !== undefined || facts.openai?.reasoning === true;
    case "schema":
      return facts.jsonSchema;
    default:
      return name satisfies never;
  }
}

/** False for a model that is known not to chat: embeddings, images, speech. */
export function describedAsChat({ id, provider }: DescribedModel): boolean {
  return provider !== "openai" || !isNotChatOnOpenAI(id);
}
