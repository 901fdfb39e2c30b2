/** The reference: the least a gateway can do. Key check, fetch, the body handed on unread. Configured by its environment. */
const upstream = `${process.env["OPENAI_BASE_URL"]}/chat/completions`;
const key = process.env["API_KEY"] ? `Bearer ${process.env["API_KEY"]}` : null;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  maxRequestBodySize: 64 * 1024 * 1024,
  async fetch(request) {
    if (request.headers.get("authorization") !== key) return new Response("no", { status: 401 });
    const answer = await fetch(upstream, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer sk-upstream" },
      body: await request.bytes(),
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: { "content-type": answer.headers.get("content-type") ?? "" },
    });
  },
});

console.error(`http://127.0.0.1:${server.port}/v1`);
