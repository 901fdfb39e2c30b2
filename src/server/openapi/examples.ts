/** One request that stands in the document; a test sends each of them. */
export type Example = { summary: string; value: { [field: string]: unknown } };

const weather = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const hello = [{ role: "user", content: "Hello!" }];

/** With demo models, so that "Try it out" needs no key: `serve --demo`. */
export const requestExamples: { [name: string]: Example } = {
  openai: {
    summary: "OpenAI: one question",
    value: { model: "demo-echo", messages: hello },
  },
  openai_stream: {
    summary: "OpenAI: streamed, with usage",
    value: {
      model: "demo-lorem",
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Write something." },
      ],
      demo: { tokens: 40, pace_ms: 5 },
    },
  },
  openai_tools: {
    summary: "OpenAI: a tool is offered and called",
    value: {
      model: "demo-tools",
      messages: [{ role: "user", content: "What is the weather in Paris?" }],
      tools: [
        {
          type: "function",
          function: { name: "get_weather", description: "Weather of a city", parameters: weather },
        },
      ],
    },
  },
  openai_image: {
    summary: "OpenAI: an image",
    value: {
      model: "demo-echo",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } },
          ],
        },
      ],
    },
  },
  openai_structured: {
    summary: "OpenAI: an answer that fits a JSON schema",
    value: {
      model: "demo-echo",
      messages: [{ role: "user", content: "A city, please" }],
      response_format: { type: "json_schema", json_schema: { name: "city", schema: weather } },
    },
  },
  bedrock_claude: {
    summary: "Bedrock Claude: one question",
    value: {
      model: "demo-echo",
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 100,
      system: "Be brief.",
      messages: hello,
    },
  },
  bedrock_claude_thinking: {
    summary: "Bedrock Claude: thinking, streamed",
    value: {
      model: "demo-reasoning",
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 2000,
      thinking: { type: "enabled", budget_tokens: 1024 },
      stream: true,
      messages: hello,
    },
  },
  bedrock_claude_tools: {
    summary: "Bedrock Claude: a tool's result",
    value: {
      model: "demo-tools",
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: 300,
      tools: [{ name: "get_weather", description: "Weather of a city", input_schema: weather }],
      messages: [
        { role: "user", content: "What is the weather in Paris?" },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Paris" } }],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "18 °C, dry" }] },
      ],
    },
  },
  bedrock_titan: {
    summary: "Bedrock Titan: one prompt",
    value: {
      model: "demo-echo",
      inputText: "User: Hello!\nBot:",
      textGenerationConfig: { maxTokenCount: 100, temperature: 0.2 },
    },
  },
  bedrock_titan_stream: {
    summary: "Bedrock Titan: streamed",
    value: { model: "demo-lorem", inputText: "Write something.", stream: true, demo: { tokens: 20, pace_ms: 5 } },
  },
};

/** What the three `Hello!` requests above are answered, in each format. */
export const answerExamples: { [format: string]: Example } = {
  openai: {
    summary: "OpenAI",
    value: {
      id: "chatcmpl-d2c97bf344a9f9e47116bc8b06a46",
      object: "chat.completion",
      created: 1795582249,
      model: "demo-echo",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello!", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 1,
        total_tokens: 6,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    },
  },
  bedrock_claude: {
    summary: "Bedrock Claude",
    value: {
      id: "msg_IcVyr049aY1HAFfPM3bPLylX",
      type: "message",
      role: "assistant",
      model: "demo-echo",
      content: [{ type: "text", text: "Hello!" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
    },
  },
  bedrock_titan: {
    summary: "Bedrock Titan",
    value: {
      inputTextTokenCount: 5,
      results: [{ tokenCount: 1, outputText: "Hello!", completionReason: "FINISH" }],
    },
  },
};
