// The form as a request body of each format.

/**
 * @param {{ model: string, message: string, system: string, maxTokens: number | undefined,
 *   temperature: number | undefined, stream: boolean }} wish
 */
const writers = {
  openai: (wish) => ({
    model: wish.model,
    ...(wish.stream && { stream: true, stream_options: { include_usage: true } }),
    messages: [
      ...(wish.system === "" ? [] : [{ role: "system", content: wish.system }]),
      { role: "user", content: wish.message },
    ],
    ...(wish.maxTokens !== undefined && { max_completion_tokens: wish.maxTokens }),
    ...(wish.temperature !== undefined && { temperature: wish.temperature }),
  }),
  bedrock_claude: (wish) => ({
    model: wish.model,
    ...(wish.stream && { stream: true }),
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: wish.maxTokens ?? 1024,
    ...(wish.system !== "" && { system: wish.system }),
    messages: [{ role: "user", content: wish.message }],
    ...(wish.temperature !== undefined && { temperature: wish.temperature }),
  }),
  bedrock_titan: (wish) => ({
    model: wish.model,
    ...(wish.stream && { stream: true }),
    inputText: `${wish.system === "" ? "" : `${wish.system}\n\n`}User: ${wish.message}\nBot:`,
    textGenerationConfig: {
      ...(wish.maxTokens !== undefined && { maxTokenCount: wish.maxTokens }),
      ...(wish.temperature !== undefined && { temperature: wish.temperature }),
    },
  }),
};

export function bodyOf(format, wish) {
  return writers[format](wish);
}

/** The request as a line for a terminal. The key is named, not shown. */
export function curlOf(origin, format, body, withKey) {
  const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
  return [
    `curl -N '${origin}/v1/chat/completions?target_format=${format}'`,
    "-H 'content-type: application/json'",
    ...(withKey ? ['-H "authorization: Bearer $API_KEY"'] : []),
    `-d '${quoted}'`,
  ].join(" \\\n  ");
}
