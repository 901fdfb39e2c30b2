import { afterAll, describe, expect, test } from "bun:test";
import { amazonChat } from "./spawn.ts";

let status = 200;
const gateway = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => new Response(null, { status: new URL(request.url).pathname === "/health/ready" ? status : 404 }),
});
afterAll(() => gateway.stop(true));

describe("health", () => {
  const ask = (HOST: string, port = gateway.port) => amazonChat(["health"], { env: { HOST, PORT: String(port) } });

  test("0 and a word when the gateway is ready, also where HOST means every address", async () => {
    for (const host of ["127.0.0.1", "0.0.0.0"]) expect(await ask(host)).toEqual({ out: "ready\n", err: "", exit: 0 });
  });

  test("1 when it is not ready, and 1 when nobody is there", async () => {
    status = 503;
    const { err, exit } = await ask("127.0.0.1");
    expect(exit).toBe(1);
    expect(err).toContain("answered 503");
    const port = gateway.port;
    await gateway.stop(true);
    const gone = await ask("127.0.0.1", port);
    expect(gone.exit).toBe(1);
    expect(gone.err).toContain("No gateway answers");
  });
});
