import type { Block, ChatRequest, Message, Tool } from "../../core/chat.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { own, tail } from "./wire.ts";

/**
 * A request of this dialect as it came: every field under the name the caller used, unknown ones included. OpenAI
 * itself judges it; no capability table is looked at (mapping G.2). Our extensions are never sent.
 */
export function encodeOwn(request: ChatRequest): JsonObject {
  const body: JsonObject = { model: request.model, messages: request.messages.map(ownMessage) };
  if (request.stream) body["stream"] = true;
  const put = (name: keyof ChatRequest["paths"], value: Json | undefined): void => {
    const path = request.paths[name];
    if (value !== undefined && path !== undefined && !path.includes(".")) body[path] = value;
  };
  put("maxTokens", request.maxTokens);
  put("temperature", request.temperature);
  put("topP", request.topP);
  put("topK", request.topK);
  put("stop", request.stop);
  put("seed", request.seed);
  put("frequencyPenalty", request.frequencyPenalty);
  put("presencePenalty", request.presencePenalty);
  put("tools", request.tools?.map(request.paths.tools === "functions" ? ownFunction : ownTool));
  if (request.toolChoice?.name === undefined) put("toolChoice", request.toolChoice?.mode);
  put("parallelToolCalls", request.parallelToolCalls);
  if (!request.reasoning?.thinking) put("reasoning", request.reasoning?.effort);
  put("serviceTier", request.serviceTier);
  put("metadata", request.metadata);
  put("userId", request.userId);
  const { thinking: _, output_config: __, ...fields } = own(request) ?? {};
  return Object.assign(body, fields);
}

function ownMessage(message: Message): JsonObject {
  const wire: JsonObject = { role: message.role };
  for (const block of message.content) {
    if (block.type === "tool-result") ownResult(block, wire);
    else place(block, message.at, wire);
  }
  return Object.assign(wire, own(message));
}

/** A block goes back to the place in its message where it stood. */
function place(block: Block, parent: string | undefined, wire: JsonObject): void {
  const at = tail(block.at, parent);
  const bracket = at.indexOf("[");
  const key = bracket < 0 ? at : at.slice(0, bracket);
  const value = bracket < 0 ? plain(block, wire) : item(block, key);
  if (bracket < 0) wire[key] = value;
  else {
    const list = wire[key];
    if (Array.isArray(list)) list.push(value);
    else wire[key] = [value];
  }
}

function plain(block: Block, wire: JsonObject): Json {
  switch (block.type) {
    case "text":
    case "refusal":
      return block.text;
    case "reasoning":
      if (block.signature !== undefined) wire["reasoning_signature"] = block.signature;
      return block.text;
    case "tool-call":
      return { name: block.name, ...argumentsOf(block, "arguments"), ...own(block) };
    default:
      return null;
  }
}

function item(block: Block, key: string): Json {
  switch (block.type) {
    case "text":
      return { type: "text", text: block.text, ...own(block) };
    case "refusal":
      return { type: "refusal", refusal: block.text, ...own(block) };
    case "reasoning":
      return ownThinking(block);
    case "tool-call":
      return key === "tool_calls" ? ownCall(block) : null;
    case "media":
      return { type: mediaTypes[block.kind](block), ...own(block) };
    case "opaque":
      return block.raw;
    default:
      return null;
  }
}

type Media = Extract<Block, { type: "media" }>;

/** The part's own field says what it was: a PDF may have stood in `image_url`. */
const mediaTypes: Readonly<Record<Media["kind"], (block: Media) => string>> = {
  image: (block) => partType(block, "image_url"),
  document: (block) => partType(block, "file"),
  audio: (block) => partType(block, "input_audio"),
  video: (block) => partType(block, "video_url"),
};

function partType(block: Media, usual: string): string {
  const fields = own(block) ?? {};
  return ["image_url", "file", "input_audio", "video_url"].find((key) => Object.hasOwn(fields, key)) ?? usual;
}

function ownThinking(block: Extract<Block, { type: "reasoning" }>): JsonObject {
  if (block.redacted !== undefined) return { type: "redacted_thinking", data: block.redacted, ...own(block) };
  return {
    type: "thinking",
    thinking: block.text,
    ...(block.signature !== undefined && { signature: block.signature }),
    ...own(block),
  };
}

type Call = Extract<Block, { type: "tool-call" }>;

function ownCall(block: Call): JsonObject {
  const type = block.custom ? "custom" : "function";
  const key = block.custom ? "input" : "arguments";
  const { [type]: inner, type: left, ...fields } = own(block) ?? {};
  return {
    id: block.id,
    ...(left !== null && { type }),
    [type]: { name: block.name, ...argumentsOf(block, key), ...objectOf(inner) },
    ...fields,
  };
}

/** Empty arguments are in the extras, where they were written at all. */
function argumentsOf({ input }: Call, key: string): JsonObject {
  return input === "" ? {} : { [key]: input };
}

function ownResult(block: Extract<Block, { type: "tool-result" }>, wire: JsonObject): void {
  wire["role"] = "tool";
  if (block.name === undefined) wire["tool_call_id"] = block.callId;
  else wire["name"] = block.name;
  if (block.isError !== undefined) wire["is_error"] = block.isError;
  for (const inner of block.content) place(inner, block.at, wire);
}

function ownTool(tool: Tool): JsonObject {
  const type = tool.kind === "custom" ? "custom" : "function";
  const { [type]: inner, ...fields } = own(tool) ?? {};
  return { type, [type]: { ...named(tool), ...objectOf(inner) }, ...fields };
}

function ownFunction(tool: Tool): JsonObject {
  return { ...named(tool), ...own(tool) };
}

function named({ name, description, schema, strict }: Tool): JsonObject {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(schema && { parameters: schema }),
    ...(strict !== undefined && { strict }),
  };
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}
