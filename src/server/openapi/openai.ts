import * as v from "valibot";
import { any, hint, integer, list, number, object, text } from "./words.ts";

/** The parts of OpenAI's chat format that are described. What is not named passes all the same: `additionalProperties`. */
const part = v.union([
  object({ type: v.literal("text"), text: v.string() }),
  object({
    type: v.literal("image_url"),
    image_url: object({
      url: text("An https URL or a data URL"),
      detail: v.optional(v.picklist(["auto", "low", "high", "original"])),
    }),
  }),
  object({
    type: v.literal("file"),
    file: object({ filename: v.optional(v.string()), file_data: v.optional(v.string()) }),
  }),
  object({ type: v.literal("input_audio"), input_audio: object({ data: v.string(), format: v.string() }) }),
  object({ type: v.pipe(v.string(), v.description("A part of a later day, or of another client")) }),
]);

const call = object({
  id: v.string(),
  type: v.string(),
  function: v.optional(object({ name: v.string(), arguments: text("JSON, as the model wrote it") })),
});

const message = object({
  role: v.picklist(["system", "developer", "user", "assistant", "tool", "function"]),
  content: v.optional(v.nullable(v.union([v.string(), list(part)]))),
  name: v.optional(v.string()),
  tool_calls: v.optional(v.nullable(list(call))),
  tool_call_id: v.optional(text("On `tool` messages: the call that is answered")),
});

const tool = object({
  type: v.string(),
  function: v.optional(
    object({
      name: v.string(),
      description: v.optional(v.string()),
      parameters: v.optional(hint(any(), "JSON Schema of the arguments")),
      strict: v.optional(v.nullable(v.boolean())),
    }),
  ),
});

const no = v.optional(v.never());

export const openaiRequest = v.pipe(
  object({
    model: text("Model id: OpenAI's, Bedrock's (inference profile or ARN too), or a `demo-` model"),
    messages: list(message),
    stream: v.optional(v.nullable(v.boolean())),
    stream_options: v.optional(v.nullable(object({ include_usage: v.optional(v.boolean()) }))),
    max_completion_tokens: v.optional(v.nullable(integer("Most tokens of the answer, reasoning included"))),
    max_tokens: v.optional(v.nullable(integer("The older name of `max_completion_tokens`"))),
    temperature: v.optional(v.nullable(number("0 to 2; models of Bedrock take 0 to 1"))),
    top_p: v.optional(v.nullable(number("0 to 1"))),
    stop: v.optional(v.nullable(v.union([v.string(), list(v.string())]))),
    tools: v.optional(list(tool)),
    tool_choice: v.optional(
      hint(any(), "`none`, `auto`, `required`, or the one tool: `{type: function, function: {name}}`"),
    ),
    parallel_tool_calls: v.optional(v.boolean()),
    response_format: v.optional(
      object({
        type: v.picklist(["text", "json_object", "json_schema"]),
        json_schema: v.optional(object({ name: v.string(), schema: v.optional(any()) })),
      }),
    ),
    reasoning_effort: v.optional(v.nullable(v.string())),
    anthropic_version: no,
    inputText: no,
    system: no,
  }),
  v.title("OpenAI"),
  v.description(
    "Body of OpenAI's Chat Completions. Fields that are not listed pass where the model's format has them.",
  ),
);

const usage = object({ prompt_tokens: v.number(), completion_tokens: v.number(), total_tokens: v.number() });
const finish = v.nullable(v.picklist(["stop", "length", "tool_calls", "content_filter", "function_call"]));

export const openaiAnswer = v.pipe(
  object({
    id: v.string(),
    object: v.literal("chat.completion"),
    created: integer("Seconds since 1970"),
    model: v.string(),
    choices: list(
      object({
        index: v.number(),
        message: object({
          role: v.literal("assistant"),
          content: v.nullable(v.string()),
          refusal: v.optional(v.nullable(v.string())),
          reasoning_content: v.optional(v.nullable(text("What the model thought, where it says so"))),
          tool_calls: v.optional(list(call)),
        }),
        finish_reason: finish,
      }),
    ),
    usage: v.optional(usage),
  }),
  v.title("OpenAI"),
);

export const openaiChunk = v.pipe(
  object({
    id: v.string(),
    object: v.literal("chat.completion.chunk"),
    created: v.number(),
    model: v.string(),
    choices: list(object({ index: v.number(), delta: object({}), finish_reason: v.optional(finish) })),
    usage: v.optional(v.nullable(usage)),
  }),
  v.title("OpenAI"),
  v.description("One `data:` of a stream; after the last one stands `data: [DONE]`."),
);

export const openaiError = v.pipe(
  object({
    error: object({
      message: v.string(),
      type: v.nullable(v.string()),
      param: v.nullable(text("The path in your body that is meant")),
      code: v.nullable(v.union([v.string(), v.number()])),
    }),
  }),
  v.title("OpenAI"),
);
