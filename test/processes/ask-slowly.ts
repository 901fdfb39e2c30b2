/** A streamed answer of the demo provider that takes two seconds: long enough for what a test does meanwhile. */
export function askSlowly(url: string): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "demo-lorem",
      stream: true,
      messages: [{ role: "user", content: "Hi" }],
      demo: { pace_ms: 50, tokens: 40 },
    }),
  });
}
