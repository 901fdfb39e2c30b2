import { bedrockFacts } from "./models/bedrock.ts";
import { openaiFacts } from "./models/openai.ts";
import type { ModelFacts } from "./models/facts.ts";

export type { ModelFacts } from "./models/facts.ts";

/**
 * The facts about a model on Bedrock, from its base id (mapping I.3, B.9). `region` is an ARN's region.
 * Ids that no row knows get the optimistic facts of an unknown family (mapping B.9.4, last row).
 */
export function factsOnBedrock(id: string, base: string, region?: string): ModelFacts {
  return { ...bedrockFacts(base), id, base, host: "bedrock", ...(region && { region }) };
}

/** The facts about a model of the OpenAI API or a compatible server (mapping G.4). */
export function factsOnOpenAI(id: string): ModelFacts {
  return { ...openaiFacts(id), id, base: id.toLowerCase(), host: "openai" };
}
