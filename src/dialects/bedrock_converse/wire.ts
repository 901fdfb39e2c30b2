import type { Json, JsonObject } from "../../core/json.ts";

/** This dialect's id. */
export const id = "bedrock_converse";

/** The request of Converse and ConverseStream, as far as we write it; `modelId` is in the URL. Sources: mapping B, L.1. */
export type ConverseBody = {
  system?: JsonObject[];
  messages?: WireMessage[];
  inferenceConfig?: { maxTokens?: number; temperature?: number; topP?: number; stopSequences?: string[] };
  toolConfig?: { tools: JsonObject[]; toolChoice?: WireToolChoice };
  additionalModelRequestFields?: JsonObject;
  additionalModelResponseFieldPaths?: string[];
  outputConfig?: JsonObject;
  guardrailConfig?: JsonObject;
  performanceConfig?: JsonObject;
  requestMetadata?: Record<string, string>;
  serviceTier?: JsonObject;
  promptVariables?: JsonObject;
};

export type WireMessage = { role: "user" | "assistant" | "system"; content: JsonObject[] };
export type WireToolChoice = { auto: JsonObject } | { any: JsonObject } | { tool: { name: string } };
export type ToolSpec = { name: string; description?: string; inputSchema: { json: JsonObject }; strict?: boolean };

/** Where bytes come from; base64 on the JSON wire. */
export type WireSource =
  | { bytes: string }
  | { s3Location: { uri: string; bucketOwner?: string } }
  | { text: string }
  | { content: { text: string }[] };

/** A cache point; five minutes is the default and is not written. */
export function cachePoint(ttl: "5m" | "1h" | undefined): JsonObject {
  return { cachePoint: { type: "default", ...(ttl !== undefined && { ttl }) } };
}

/** A block of guarded content (mapping B.11). */
export function guarded(kind: "text" | "image", content: JsonObject): JsonObject {
  return { guardContent: { [kind]: content } };
}

/** The only member of a union object such as `{ text: … }`; undefined when there is not exactly one. */
export function onlyMember(block: JsonObject): [string, Json] | undefined {
  const entries = Object.entries(block);
  return entries.length === 1 ? entries[0] : undefined;
}
