import * as v from "valibot";
import { integer, list, number, object, text } from "./words.ts";

const no = v.optional(v.never());

export const titanRequest = v.pipe(
  object({
    model: text("Model id; on Bedrock's own endpoint it stands in the URL"),
    inputText: text("The prompt; a dialogue is written as lines of `User:` and `Bot:`"),
    textGenerationConfig: v.optional(
      object({
        maxTokenCount: v.optional(v.nullable(integer("Most tokens of the answer"))),
        temperature: v.optional(v.nullable(number("0 to 1"))),
        topP: v.optional(v.nullable(number("0 to 1"))),
        stopSequences: v.optional(list(v.string())),
      }),
    ),
    stream: v.optional(v.boolean()),
    anthropic_version: no,
    messages: no,
  }),
  v.title("Bedrock Titan"),
  v.description("Body of Bedrock's InvokeModel for Titan Text, with `model` and `stream` beside it."),
);

export const titanAnswer = v.pipe(
  object({
    inputTextTokenCount: v.number(),
    results: list(
      object({
        tokenCount: v.number(),
        outputText: v.string(),
        completionReason: text("`FINISH`, `LENGTH`, `STOP_CRITERIA_MET`, `CONTENT_FILTERED`, …"),
      }),
    ),
  }),
  v.title("Bedrock Titan"),
);

export const titanChunk = v.pipe(
  object({
    index: v.number(),
    outputText: v.string(),
    inputTextTokenCount: v.nullable(v.number()),
    totalOutputTextTokenCount: v.nullable(v.number()),
    completionReason: v.nullable(v.string()),
  }),
  v.title("Bedrock Titan"),
  v.description("One `data:` of a stream; the last one has a `completionReason`, after it stands `data: [DONE]`."),
);

export const titanError = v.pipe(
  object({ message: v.string(), __type: v.optional(v.string()) }),
  v.title("Bedrock Titan"),
);
