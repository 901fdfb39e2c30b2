import { type ConversionConfig, toJsonSchemaDefs } from "@valibot/to-json-schema";
import { claudeAnswer, claudeError, claudeEvent, claudeRequest } from "./claude.ts";
import { explanation, health, model, modelList } from "./gateway.ts";
import { openaiAnswer, openaiChunk, openaiError, openaiRequest } from "./openai.ts";
import { titanAnswer, titanChunk, titanError, titanRequest } from "./titan.ts";

/** Every schema of the document by its name there. */
export const schemas = {
  OpenAIRequest: openaiRequest,
  OpenAIAnswer: openaiAnswer,
  OpenAIChunk: openaiChunk,
  OpenAIError: openaiError,
  BedrockClaudeRequest: claudeRequest,
  BedrockClaudeAnswer: claudeAnswer,
  BedrockClaudeEvent: claudeEvent,
  BedrockClaudeError: claudeError,
  BedrockTitanRequest: titanRequest,
  BedrockTitanAnswer: titanAnswer,
  BedrockTitanChunk: titanChunk,
  BedrockTitanError: titanError,
  Explanation: explanation,
  Model: model,
  ModelList: modelList,
  Health: health,
};

export type SchemaName = keyof typeof schemas;

const asComponents: Omit<ConversionConfig, "definitions"> = {
  target: "draft-2020-12",
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

/** The schemas as OpenAPI 3.1's components, which are JSON Schema of 2020-12. */
export function components(): { [name: string]: unknown } {
  return toJsonSchemaDefs(schemas, asComponents);
}

export function ref(name: SchemaName): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
