import * as v from "valibot";
import { any, hint, integer, list, number, object, text } from "./words.ts";

const source = object({
  type: v.string(),
  media_type: v.optional(v.string()),
  data: v.optional(text("Base64")),
  url: v.optional(v.string()),
});

const block = v.union([
  object({ type: v.literal("text"), text: v.string() }),
  object({ type: v.picklist(["image", "document"]), source }),
  object({ type: v.literal("tool_use"), id: v.string(), name: v.string(), input: any() }),
  object({
    type: v.literal("tool_result"),
    tool_use_id: v.string(),
    content: v.optional(any()),
    is_error: v.optional(v.boolean()),
  }),
  object({ type: v.literal("thinking"), thinking: v.string(), signature: v.optional(v.string()) }),
  object({ type: v.pipe(v.string(), v.description("A block of a later day")) }),
]);

const tool = object({
  name: v.string(),
  description: v.optional(v.string()),
  input_schema: v.optional(hint(any(), "JSON Schema of the input")),
});

const no = v.optional(v.never());

export const claudeRequest = v.pipe(
  object({
    anthropic_version: text("`bedrock-2023-05-31`; what only this format has (`system`, `input_schema`) shows it too"),
    model: text("Model id; on Bedrock's own endpoint it stands in the URL"),
    max_tokens: v.optional(integer("Most tokens of the answer")),
    system: v.optional(v.union([v.string(), list(object({ type: v.string() }))])),
    messages: list(
      object({ role: v.picklist(["user", "assistant", "system"]), content: v.union([v.string(), list(block)]) }),
    ),
    stream: v.optional(v.boolean()),
    temperature: v.optional(number("0 to 1")),
    top_p: v.optional(number("0 to 1")),
    top_k: v.optional(integer("0 to 500")),
    stop_sequences: v.optional(list(v.string())),
    tools: v.optional(list(tool)),
    tool_choice: v.optional(
      object({ type: v.picklist(["auto", "any", "tool", "none"]), name: v.optional(v.string()) }),
    ),
    thinking: v.optional(object({ type: v.string(), budget_tokens: v.optional(v.number()) })),
    inputText: no,
  }),
  v.title("Bedrock Claude"),
  v.description("Body of Bedrock's InvokeModel for Claude, with `model` and `stream` beside it."),
);

const usage = object({ input_tokens: v.number(), output_tokens: v.number() });
const stop = v.nullable(v.string());

export const claudeAnswer = v.pipe(
  object({
    id: v.string(),
    type: v.literal("message"),
    role: v.literal("assistant"),
    model: v.string(),
    content: list(block),
    stop_reason: hint(stop, "`end_turn`, `max_tokens`, `stop_sequence`, `tool_use`, `refusal`, …"),
    stop_sequence: v.optional(v.nullable(v.string())),
    usage,
  }),
  v.title("Bedrock Claude"),
);

export const claudeEvent = v.pipe(
  v.variant("type", [
    object({ type: v.literal("message_start"), message: object({ id: v.string() }) }),
    object({ type: v.literal("content_block_start"), index: v.number(), content_block: object({ type: v.string() }) }),
    object({ type: v.literal("content_block_delta"), index: v.number(), delta: object({ type: v.string() }) }),
    object({ type: v.literal("content_block_stop"), index: v.number() }),
    object({ type: v.literal("message_delta"), delta: object({ stop_reason: stop }) }),
    object({ type: v.literal("message_stop") }),
    object({ type: v.literal("ping") }),
    object({ type: v.literal("error"), error: object({ type: v.string(), message: v.string() }) }),
  ]),
  v.title("Bedrock Claude"),
  v.description("One event of a stream; the SSE event has the name in `type`. The last one is `message_stop`."),
);

export const claudeError = v.pipe(
  object({
    type: v.literal("error"),
    error: object({ type: v.string(), message: v.string() }),
    request_id: v.optional(v.string()),
  }),
  v.title("Bedrock Claude"),
);
