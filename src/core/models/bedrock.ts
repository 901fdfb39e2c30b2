import { nova, titan } from "./amazon.ts";
import { claude } from "./claude.ts";
import { isNotChat } from "./not-chat.ts";
import { openWeights } from "./open-weights.ts";
import { openaiOnBedrock } from "./openai-on-bedrock.ts";
import { type BedrockFacts, type Family, rowOf } from "./row.ts";
import { unknownFacts } from "./unknown.ts";

const families: readonly Family[] = [claude, nova, titan, openaiOnBedrock, ...openWeights];

/**
 * The facts about a base id (lower case, no geo prefix, mapping B.9). "" or an ARN whose family nobody told
 * gets the facts of an unknown model: no field that only one family understands is sent (mapping I.2).
 */
export function bedrockFacts(base: string): BedrockFacts {
  if (base.startsWith("arn:")) return unknownFacts;
  const family = families.find(({ match }) => match.test(base));
  return {
    ...unknownFacts,
    ...family?.common,
    ...(family && rowOf(family.rows, base)),
    ...(isNotChat(base) && { notChat: true }),
  };
}
