import type { JsonObject } from "../../../src/core/json.ts";
import { inBodyOrder, lossHeader, type Memo } from "../../../src/core/loss.ts";
import type { ModelFacts } from "../../../src/core/models.ts";
import { dialect } from "../../../src/dialects/registry.ts";
import { route } from "../../../src/gateway/route.ts";

const settings = { extraBedrockProviders: [], extraOpenAIModels: [], modelFamily: {}, allowedRegions: [] };

export type Asked = { body: JsonObject; losses: string; memo: Memo };

/** What Converse gets when `body` (OpenAI's, Claude's or Titan's) asks for its model, and the losses as the header says them. */
export function asked(body: JsonObject, patch: Partial<ModelFacts> = {}): Asked {
  const from =
    body["anthropic_version"] !== undefined
      ? "bedrock_claude"
      : body["inputText"] !== undefined
        ? "bedrock_titan"
        : "openai";
  const { request } = dialect(from);
  const facts = { ...route(String(body["model"]), settings), ...patch };
  const decoded = request.decode(body);
  const left = request.leave(decoded, facts);
  const { value, losses, memo } = dialect("bedrock_converse").request.encode(decoded, facts);
  return { body: value, losses: lossHeader(inBodyOrder(body, [...left, ...losses])), memo: memo ?? {} };
}

export const nova = "us.amazon.nova-lite-v1:0";
export const sonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
export const opus46 = "us.anthropic.claude-opus-4-6-v1";
export const opus5 = "us.anthropic.claude-opus-5";
export const llama4 = "us.meta.llama4-maverick-17b-instruct-v1:0";
export const gptOss = "openai.gpt-oss-120b-1:0";

/** An OpenAI body with one user message unless `fields` say otherwise. */
export function openaiBody(model: string, fields: JsonObject = {}): JsonObject {
  return { model, messages: [{ role: "user", content: "x" }], ...fields };
}

export function functionTool(name: string, fields: JsonObject = {}): JsonObject {
  return { type: "function", function: { name, ...fields } };
}

export function call(id: string, name = "f", input = "{}"): JsonObject {
  return { id, type: "function", function: { name, arguments: input } };
}

/** A conversation in which the tool `f` was called once and answered, then `after`. */
export function calledOnce(...after: JsonObject[]): JsonObject[] {
  return [
    { role: "user", content: "go" },
    { role: "assistant", content: null, tool_calls: [call("c1")] },
    { role: "tool", tool_call_id: "c1", content: "ok" },
    ...after,
  ];
}
