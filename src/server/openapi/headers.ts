// The headers of ours (design.md section 9), as OpenAPI wants them.

type Header = { description: string; schema: { type: string; [keyword: string]: unknown }; example?: string };

const flag = { type: "string", enum: ["true", "false"] };

/** What a caller may send with a chat request. */
export const requestHeaders = [
  {
    name: "x-amazon-chat-explain",
    description: "`true`: answer with detection, plan, upstream request and losses; nothing is sent",
    schema: flag,
  },
  {
    name: "x-amazon-chat-strict",
    description: "`true`: whatever could not be carried over is a 400 that names the paths; nothing is sent",
    schema: flag,
  },
  {
    name: "x-request-timeout-ms",
    description: "Deadline of this request, stream included; it can only shorten the server's",
    schema: { type: "integer", minimum: 1 },
  },
  {
    name: "x-request-id",
    description: "Your name for this request: 1 to 128 printable ASCII characters",
    schema: { type: "string", minLength: 1, maxLength: 128 },
  },
  {
    name: "anthropic-beta",
    description: "Beta features of Claude, separated by commas; handed to Claude models",
    schema: { type: "string" },
  },
].map((header) => ({ in: "header", required: false, ...header }));

export const responseHeaders: { [name: string]: Header } = {
  "x-request-id": { description: "The id of this request, also in the server's log", schema: { type: "string" } },
  "x-upstream-request-id": { description: "OpenAI's or AWS's own id", schema: { type: "string" } },
  "x-amazon-chat-losses": {
    description:
      "What was not carried over: paths, `;approximated` or `;clamped` after those that were changed. Absent: nothing was lost",
    schema: { type: "string" },
    example: "seed,max_tokens;clamped",
  },
  "x-amazon-chat-attempts": {
    description: "Attempts at the upstream, when more than one",
    schema: { type: "string" },
  },
  "x-amazon-chat-upstream-ms": {
    description: "Milliseconds that Bedrock says the model took; on whole answers",
    schema: { type: "string" },
  },
  "x-amazon-chat-routed-model": {
    description: "The model that a prompt router chose; on whole answers",
    schema: { type: "string" },
  },
};

export const retryHeaders: { [name: string]: Header } = {
  "retry-after": { description: "Seconds to wait before another try", schema: { type: "string" } },
  "x-should-retry": { description: "`false` when another try is of no use", schema: { type: "string" } },
};
