/** Headers of the upstream that the caller gets too (mapping H.4). Everything else stays here. */
const copied = [
  "x-ratelimit-limit-requests",
  "x-ratelimit-limit-tokens",
  "x-ratelimit-remaining-requests",
  "x-ratelimit-remaining-tokens",
  "x-ratelimit-reset-requests",
  "x-ratelimit-reset-tokens",
  "retry-after",
  "retry-after-ms",
  "openai-processing-ms",
  "openai-version",
];

/** The answer's headers so far: the copied ones and the upstream's own id. */
export function copiedHeaders(upstream: Headers, requestId: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of copied) {
    const value = upstream.get(name);
    if (value !== null) headers[name] = value;
  }
  if (requestId !== undefined) headers["x-upstream-request-id"] = requestId;
  const aws = upstream.get("x-amzn-requestid");
  if (aws !== null) headers["x-amzn-requestid"] = aws;
  return headers;
}

/** OpenAI's or AWS's id of the call. */
export function upstreamRequestId(upstream: Headers): string | undefined {
  return upstream.get("x-amzn-requestid") ?? upstream.get("x-request-id") ?? undefined;
}
