import type { ChatRequest, Message, ParamName } from "../../core/chat.ts";
import { isObject, type JsonObject } from "../../core/json.ts";
import { type Encoded, LossList } from "../../core/loss.ts";
import type { ModelFacts } from "../../core/models.ts";
import { encodeCache, encodeContent, type Sink } from "./encode-block.ts";
import { encodeTool, encodeToolChoice } from "./encode-tools.ts";
import { defaultVersion, own } from "./wire.ts";

/** What a request of another dialect gets for the required `max_tokens` when neither it nor the model says a number. */
const fallbackMaxTokens = 4096;
/** Parameters that Anthropic's format has no word for. */
const wordless: readonly ParamName[] = ["seed", "frequencyPenalty", "presencePenalty", "metadata"];

/** The body as InvokeModel wants it: without `model` and `stream`, which stand in the URL (mapping F.2). */
export function encodeRequest(request: ChatRequest, facts: ModelFacts): Encoded<JsonObject> {
  const losses = new LossList(own);
  const sink: Sink = { losses, native: request.from === own };
  const { paths } = request;
  const kept = request.extras?.from === own ? request.extras.fields : {};
  const { tool_choice: _, output_config: __, metadata: ___, ...extras } = kept;
  const split = leadingSystem(request, losses);
  for (const name of wordless) if (request[name] !== undefined) losses.dropped(paths[name], name);
  const tools = request.tools?.map(encodeTool);
  const value: JsonObject = {
    anthropic_version: defaultVersion,
    max_tokens: request.maxTokens ?? facts.maxOutput ?? fallbackMaxTokens,
    ...(split.system && { system: encodeContent(split.system.content, sink) }),
    messages: split.messages.map((message) => ({
      role: message.role,
      content: encodeContent(message.content, sink),
      ...(message.extras?.from === own && message.extras.fields),
    })),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { top_p: request.topP }),
    ...(request.topK !== undefined && { top_k: request.topK }),
    ...(request.stop && { stop_sequences: request.stop }),
    ...(tools && { tools }),
    ...encodeToolChoice(request, losses),
    ...(request.reasoning?.thinking && { thinking: request.reasoning.thinking }),
    ...encodeOutput(request, kept["output_config"], losses),
    ...encodeMetadata(request, kept["metadata"]),
    ...encodeTier(request, losses),
    ...encodeCache(request.autoCache),
    ...(request.betas && { anthropic_beta: request.betas }),
    ...extras,
    ...Object.fromEntries(Object.entries(kept).filter(([, item]) => item === null)),
  };
  return { value, losses: losses.items };
}

/** Our own system message stands at the top; system turns of another dialect are brought there. */
function leadingSystem(
  request: ChatRequest,
  losses: LossList,
): { system: Pick<Message, "content"> | undefined; messages: Message[] } {
  if (request.from === own) {
    const [first, ...rest] = request.messages;
    return first?.at === "system"
      ? { system: first, messages: rest }
      : { system: undefined, messages: request.messages };
  }
  const system = request.messages.filter((message) => message.role === "system");
  const messages = request.messages.filter((message) => message.role !== "system");
  for (const [i, message] of request.messages.entries())
    if (message.role === "system" && i >= system.length)
      losses.approximated(message.at, "system turn moved to the front");
  return {
    system: system.length > 0 ? { content: system.flatMap((message) => message.content) } : undefined,
    messages,
  };
}

function encodeOutput(request: ChatRequest, left: JsonObject[string] | undefined, losses: LossList): JsonObject {
  const { reasoning, responseFormat, paths } = request;
  const older = paths.responseFormat === "output_format";
  if (responseFormat && responseFormat.type !== "json_schema") losses.dropped(paths.responseFormat, "response format");
  const format: JsonObject | undefined =
    responseFormat?.type === "json_schema" ? { type: "json_schema", schema: responseFormat.schema } : undefined;
  // Words for the model, which Claude's field has no place for.
  if (responseFormat?.type === "json_schema" && responseFormat.description?.trim())
    losses.dropped(descriptionPath(request), "description of the response format");
  const config: JsonObject = {
    ...(reasoning?.effort !== undefined && { effort: reasoning.effort }),
    ...(format && !older && { format }),
    ...(isObject(left) && left),
  };
  return {
    ...((Object.keys(config).length > 0 || left !== undefined) && { output_config: config }),
    ...(format && older && { output_format: format }),
  };
}

function descriptionPath({ from, paths }: ChatRequest): string | undefined {
  const inside = from === "openai" ? "json_schema.description" : "structure.jsonSchema.description";
  return paths.responseFormat && `${paths.responseFormat}.${inside}`;
}

function encodeMetadata({ userId }: ChatRequest, left: JsonObject[string] | undefined): JsonObject {
  if (userId === undefined && left === undefined) return {};
  return { metadata: { ...(userId !== undefined && { user_id: userId }), ...(isObject(left) && left) } };
}

/** `speed` travels in the extras; OpenAI's tiers mean nothing here. */
function encodeTier({ serviceTier, paths }: ChatRequest, losses: LossList): JsonObject {
  if (serviceTier === undefined || paths.serviceTier === "speed") return {};
  if (serviceTier === "auto" || serviceTier === "standard_only") return { service_tier: serviceTier };
  losses.dropped(paths.serviceTier, "service tier");
  return {};
}
