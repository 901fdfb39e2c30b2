/** Allows exactly one origin, without credentials (cli.md 3.1). */
export function cors(response: Response, request: Request, origin: string): Response {
  response.headers.append("vary", "origin");
  if (request.headers.get("origin") !== origin && origin !== "*") return response;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set(
    "access-control-expose-headers",
    "x-request-id, x-upstream-request-id, x-amazon-chat-losses, x-amazon-chat-attempts, x-amazon-chat-upstream-ms, x-amazon-chat-routed-model, retry-after, retry-after-ms, x-should-retry",
  );
  if (request.method === "OPTIONS") {
    response.headers.set("access-control-allow-methods", "GET, POST, OPTIONS");
    response.headers.set(
      "access-control-allow-headers",
      request.headers.get("access-control-request-headers") ?? "authorization, content-type, x-api-key, api-key",
    );
    response.headers.set("access-control-max-age", "600");
  }
  return response;
}
