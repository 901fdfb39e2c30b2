import type { ChatRequest, Extensions, Message, ResponseFormat, Tool, ToolChoice } from "../../../core/chat.ts";
import { isObject, type JsonObject, parseJson } from "../../../core/json.ts";
import { look } from "../../look.ts";
import { leftOver, readers } from "../../read.ts";
import { id } from "../wire.ts";
import { cacheTtl, decodeBlocks } from "./decode-block.ts";
import { plainBody } from "./own.ts";
import { sameJson } from "./same-json.ts";

const read = readers();

/**
 * A Converse body as a request. Throws 400 (OpenAI's wording) for wrong types. Members that the hub does not hold
 * exactly stay in the extras under their own names: encoding gives the body back as it was.
 */
export function decode(body: JsonObject): ChatRequest {
  const request: ChatRequest = {
    from: id,
    model: read.string(body["modelId"], "modelId") ?? "",
    stream: false,
    includeUsage: true,
    messages: [...systemOf(body), ...turnsOf(body)],
    ...paramsOf(body),
  };
  const rebuilt = plainBody(request);
  const fields = leftOver(
    Object.fromEntries(Object.entries(body).filter(([key, value]) => !sameJson(rebuilt[key], value))),
  );
  return fields ? { ...request, extras: { from: id, fields } } : request;
}

function systemOf(body: JsonObject): Message[] {
  const list = read.objects(body["system"], "system") ?? [];
  return list.length > 0 ? [{ role: "system", at: "system", content: decodeBlocks(list, "system") }] : [];
}

function turnsOf(body: JsonObject): Message[] {
  return (read.objects(body["messages"], "messages") ?? []).map((wire, i) => {
    const path = `messages[${i}]`;
    const role = wire["role"];
    return {
      role: role === "assistant" || role === "system" ? role : "user",
      at: path,
      content: decodeBlocks(read.objects(wire["content"], `${path}.content`) ?? [], `${path}.content`),
    };
  });
}

type Params = Omit<ChatRequest, "from" | "model" | "stream" | "includeUsage" | "messages" | "paths">;

function paramsOf(body: JsonObject): Params & Pick<ChatRequest, "paths"> {
  const config = read.object(body["inferenceConfig"], "inferenceConfig");
  const maxTokens = read.integer(config?.["maxTokens"], "inferenceConfig.maxTokens");
  const temperature = read.number(config?.["temperature"], "inferenceConfig.temperature");
  const topP = read.number(config?.["topP"], "inferenceConfig.topP");
  const stop = read.strings(config?.["stopSequences"], "inferenceConfig.stopSequences");
  const toolConfig = read.object(body["toolConfig"], "toolConfig");
  const tools = read.objects(toolConfig?.["tools"], "toolConfig.tools");
  const toolChoice = choiceOf(look.object(toolConfig, "toolChoice"));
  const serviceTier = look.text(look.object(body, "serviceTier"), "type");
  const responseFormat = formatOf(body);
  const extensions = extensionsOf(body);
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(stop && { stop }),
    ...(tools && { tools: toolsOf(tools) }),
    ...(toolChoice && { toolChoice }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(responseFormat && { responseFormat }),
    ...(extensions && { extensions }),
    paths: {
      maxTokens: "inferenceConfig.maxTokens",
      temperature: "inferenceConfig.temperature",
      topP: "inferenceConfig.topP",
      stop: "inferenceConfig.stopSequences",
      tools: "toolConfig.tools",
      toolChoice: "toolConfig.toolChoice",
      serviceTier: "serviceTier",
      responseFormat: "outputConfig.textFormat",
    },
  };
}

function toolsOf(list: readonly JsonObject[]): Tool[] {
  const tools: Tool[] = [];
  for (const [i, wire] of list.entries()) {
    const at = `toolConfig.tools[${i}]`;
    const ttl = cacheTtl(wire);
    const last = tools.at(-1);
    if (ttl && last && !last.cache) last.cache = { ...ttl, at };
    else tools.push(toolOf(wire, at));
  }
  return tools;
}

/** System tools and specs with unknown members are kept as they are. */
function toolOf(wire: JsonObject, at: string): Tool {
  const spec = look.object(wire, "toolSpec");
  const name = look.text(spec, "name");
  const schema = look.object(look.object(spec, "inputSchema"), "json");
  if (name === undefined || !schema)
    return { kind: "provider", name: name ?? Object.keys(wire)[0] ?? "", raw: wire, at };
  const description = look.text(spec, "description");
  const strict = spec?.["strict"];
  return {
    kind: "function",
    name,
    schema,
    at,
    ...(description !== undefined && { description }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

function choiceOf(choice: JsonObject | undefined): ToolChoice | undefined {
  if (!choice) return undefined;
  if (look.object(choice, "auto")) return { mode: "auto" };
  if (look.object(choice, "any")) return { mode: "required" };
  const name = look.text(look.object(choice, "tool"), "name");
  return name === undefined ? undefined : { mode: "tool", name };
}

function formatOf(body: JsonObject): ResponseFormat | undefined {
  const textFormat = look.object(look.object(body, "outputConfig"), "textFormat");
  const wire = look.object(look.object(textFormat, "structure"), "jsonSchema");
  const schema = parseJson(look.text(wire, "schema") ?? "");
  if (!isObject(schema)) return undefined;
  const name = look.text(wire, "name");
  const description = look.text(wire, "description");
  return {
    type: "json_schema",
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
}

function extensionsOf(body: JsonObject): Extensions | undefined {
  const guardrail = read.object(body["guardrailConfig"], "guardrailConfig");
  const performance = read.object(body["performanceConfig"], "performanceConfig");
  const metadata = read.texts(body["requestMetadata"], "requestMetadata");
  const fields = read.object(body["additionalModelRequestFields"], "additionalModelRequestFields");
  const paths = read.strings(body["additionalModelResponseFieldPaths"], "additionalModelResponseFieldPaths");
  const variables = read.object(body["promptVariables"], "promptVariables");
  const extensions: Extensions = {
    ...(guardrail && { guardrail_config: guardrail }),
    ...(performance && { performance_config: performance }),
    ...(metadata && { request_metadata: metadata }),
    ...(fields && { additional_model_request_fields: fields }),
    ...(paths && { additional_model_response_field_paths: paths }),
    ...(variables && { prompt_variables: variables }),
  };
  return Object.keys(extensions).length > 0 ? extensions : undefined;
}
