/** Headers of the upstream that the caller gets too (mapping H.4). Everything else stays here. */
const patience = ["retry-after", "retry-after-ms"];

/** OpenAI's own; an answer with an AWS id has none of them (no recording has). */
const openaiOnly = [
  "x-ratelimit-limit-requests",
  "x-ratelimit-limit-tokens",
  "x-ratelimit-remaining-requests",
  "x-ratelimit-remaining-tokens",
  "x-ratelimit-reset-requests",
  "x-ratelimit-reset-tokens",
  "openai-processing-ms",
  "openai-version",
];

/** The answer's headers so far: the copied ones and the upstream's own id. */
export function copiedHeaders(upstream: Headers, requestId: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  copy(patience, upstream, headers);
  if (requestId !== undefined) headers["x-upstream-request-id"] = requestId;
  const aws = upstream.get("x-amzn-requestid");
  if (aws === null) copy(openaiOnly, upstream, headers);
  else headers["x-amzn-requestid"] = aws;
  return headers;
}

function copy(names: readonly string[], from: Headers, to: Record<string, string>): void {
  for (const name of names) {
    const value = from.get(name);
    if (value !== null) to[name] = value;
  }
}

/** OpenAI's or AWS's id of the call. */
export function upstreamRequestId(upstream: Headers): string | undefined {
  return upstream.get("x-amzn-requestid") ?? upstream.get("x-request-id") ?? undefined;
}
