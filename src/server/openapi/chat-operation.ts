import { failures } from "./errors.ts";
import { answerExamples, requestExamples } from "./examples.ts";
import { requestHeaders, responseHeaders, retryHeaders } from "./headers.ts";
import { ref } from "./schemas.ts";

const streams = {
  openai: {
    summary: "OpenAI",
    value: [
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795582249,"model":"demo-echo","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}',
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795582249,"model":"demo-echo","choices":[{"index":0,"delta":{"content":"Hello!"},"finish_reason":null}]}',
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795582249,"model":"demo-echo","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
      "data: [DONE]",
      "",
    ].join("\n\n"),
  },
  bedrock_titan: {
    summary: "Bedrock Titan",
    value: [
      'data: {"index":0,"inputTextTokenCount":null,"totalOutputTextTokenCount":null,"outputText":"Hello!","completionReason":null}',
      'data: {"index":0,"inputTextTokenCount":5,"totalOutputTextTokenCount":1,"outputText":"","completionReason":"FINISH"}',
      "data: [DONE]",
      "",
    ].join("\n\n"),
  },
};

const errorBody = { oneOf: [ref("OpenAIError"), ref("BedrockClaudeError"), ref("BedrockTitanError")] };

/** POST /v1/chat/completions. */
export const chatOperation = {
  tags: ["Chat"],
  operationId: "createChatCompletion",
  summary: "Ask a model, in any of three formats",
  description:
    "The format is detected by what is in the body. The answer comes in the OpenAI format, or in the one that `target_format` names; with `stream: true` as server-sent events.",
  parameters: [
    {
      name: "target_format",
      in: "query",
      required: false,
      description: "Format of the answer, of its stream and of its errors",
      schema: { type: "string", enum: ["openai", "bedrock_claude", "bedrock_titan"], default: "openai" },
    },
    ...requestHeaders,
  ],
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { oneOf: [ref("OpenAIRequest"), ref("BedrockClaudeRequest"), ref("BedrockTitanRequest")] },
        examples: requestExamples,
      },
    },
  },
  responses: {
    "200": {
      description:
        "The answer. A stream that breaks off ends with an error event and **without** its end mark (`[DONE]`, `message_stop`).",
      headers: responseHeaders,
      content: {
        "application/json": {
          schema: {
            oneOf: [ref("OpenAIAnswer"), ref("BedrockClaudeAnswer"), ref("BedrockTitanAnswer"), ref("Explanation")],
          },
          examples: answerExamples,
        },
        "text/event-stream": {
          schema: {
            type: "string",
            description:
              "Server-sent events. Each `data:` is JSON: an OpenAIChunk, a BedrockClaudeEvent or a BedrockTitanChunk. Comment lines fill silence.",
          },
          examples: streams,
        },
      },
    },
    ...Object.fromEntries(
      failures.map(({ status, means, retry, examples }) => [
        String(status),
        {
          description: means,
          headers: { "x-request-id": responseHeaders["x-request-id"], ...(retry === true && retryHeaders) },
          content: {
            "application/json": {
              schema: errorBody,
              ...(Object.keys(examples).length > 0 && { examples }),
            },
          },
        },
      ]),
    ),
  },
};
