import type { BedrockFacts } from "./row.ts";

/**
 * What is assumed of a model that no row knows: everything Converse offers, nothing that only one family understands.
 * The reactive table (downgrade.ts) takes back what turns out to be refused (mapping B.9.4, last row).
 */
export const unknownFacts: BedrockFacts = {
  family: "unknown",
  system: true,
  image: true,
  document: true,
  audio: false,
  video: false,
  s3: false,
  tools: true,
  toolStream: true,
  toolChoice: ["any", "tool"],
  noForcedToolWithThinking: false,
  claudeToolChoice: false,
  // "only Claude and Nova accept it" (mapping B.5.5).
  toolStatus: false,
  strictTools: false,
  // Claude's own format takes no more, and this may be one.
  toolIds: "strict",
  textAfterResults: true,
  temperature: true,
  topP: "keep",
  stop: "keep",
  maxTokens: true,
  penalties: false,
  prefill: true,
  replayThinking: "none",
  cache: true,
  cache1h: false,
  cacheTools: true,
  jsonSchema: false,
  closedSchemas: false,
  serviceTier: true,
  performance: true,
  stopSequencePath: false,
  searchResults: false,
};
