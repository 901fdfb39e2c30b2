import { afterEach, describe, expect, test } from "bun:test";
import { GatewayError } from "../../../src/core/error.ts";
import { connectionError } from "../../../src/providers/transport/connection-error.ts";
import { post } from "../../../src/providers/transport/post.ts";
import { Reachability } from "../../../src/providers/transport/reachability.ts";
import { json } from "../../fakes/http.ts";
import { startWire, type Exchange, type Script, type Wire } from "../../fakes/wire.ts";

const open: Wire[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});

function upstream(answer: (exchange: Exchange) => Script): Wire {
  const wire = startWire(answer);
  open.push(wire);
  return wire;
}

const fast = { timeout: 20, proxied: false };

function send(
  url: string,
  signal = new AbortController().signal,
  ...more: [typeof fast?, Pick<Reachability, "takesConnections">?]
) {
  const [connect = { timeout: 5_000, proxied: false }, reachability] = more;
  return post(
    { url, host: new URL(url).host, headers: { authorization: "Bearer CANARY" }, body: "{}", signal },
    connect,
    reachability,
  );
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof GatewayError) return thrown;
  throw new Error(`no GatewayError but ${String(thrown)}`);
}

describe("failures before an answer are told in our words and may be tried again", () => {
  test("refused", async () => {
    const error = await failure(send("http://127.0.0.1:1/"));
    expect(error).toMatchObject({ kind: "upstream", status: 502, code: "upstream_connection_error", retryable: true });
    expect(error.message).toBe("The upstream 127.0.0.1:1 refused the connection (ECONNREFUSED).");
  });

  test("unknown host", async () => {
    const error = await failure(send("http://nope.invalid/"));
    expect([error.upstreamName, error.retryable, error.status]).toEqual(["ENOTFOUND", true, 502]);
  });

  test.each(["reset", "end"] as const)("a connection that ends without an answer: %s", async (then) => {
    const wire = upstream(() => [{ then }]);
    const error = await failure(send(wire.url));
    expect([error.upstreamName, error.retryable, error.status]).toEqual(["ECONNRESET", true, 502]);
    expect(error.message).not.toContain("verbose");
  });

  test("a connection that is closed while it is used again", async () => {
    const wire = upstream(({ reused }) => (reused === 0 ? json({}) : [{ then: "reset" }]));
    await (await send(wire.url)).text();
    const error = await failure(send(wire.url));
    expect([error.code, error.retryable]).toEqual(["upstream_connection_error", true]);
    expect(wire.seen.at(-1)?.reused).toBe(1);
  });

  test("TLS towards a host that speaks none", async () => {
    const plain = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
    });
    const error = await failure(send(`https://127.0.0.1:${plain.port}/`));
    plain.stop(true);
    expect([error.upstreamName, error.status]).toEqual(["EPROTO", 502]);
    expect(error.message).toContain("does not speak TLS as expected");
  });

  test("a certificate that does not hold is not tried again", () => {
    const thrown = Object.assign(new Error("self signed"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const error = connectionError(thrown, "h", new AbortController().signal);
    expect([error.retryable, error.message]).toEqual([
      false,
      "The upstream h could not be reached (DEPTH_ZERO_SELF_SIGNED_CERT).",
    ]);
  });

  test("a timeout of the runtime is 504", () => {
    const thrown = Object.assign(new Error("timed out"), { name: "TimeoutError" });
    const error = connectionError(thrown, "h", new AbortController().signal);
    expect(error).toMatchObject({ kind: "timeout", status: 504, retryable: true });
  });

  test("a throw that is no error still is one of ours", () => {
    expect(connectionError("boom", "h", new AbortController().signal).message).toBe(
      "The upstream h could not be reached.",
    );
  });

  test("no text holds a secret or the runtime's hints", async () => {
    const wire = upstream(() => [{ then: "reset" }]);
    for (const url of ["http://127.0.0.1:1/?k=CANARY", wire.url]) {
      const { message } = await failure(send(url));
      expect(message).not.toMatch(/CANARY|fetch\(\)|verbose/);
    }
  });
});

describe("leaving", () => {
  test("before the answer: cancelled, and the connection is closed", async () => {
    const wire = upstream(() => [{ then: "stall" }]);
    const caller = new AbortController();
    const failed = failure(send(wire.url, caller.signal));
    while (wire.seen.length === 0) await new Promise(setImmediate);
    caller.abort();
    expect(await failed).toMatchObject({ kind: "cancelled", retryable: false });
    await wire.seen[0]?.closed;
  });

  test("before anything was sent", async () => {
    const error = await failure(send("http://127.0.0.1:1/", AbortSignal.abort()));
    expect(error.kind).toBe("cancelled");
  });
});

describe("connect timeout", () => {
  test("a host that takes no connection is given up: 504, retryable", async () => {
    const wire = upstream(() => [{ then: "stall" }]);
    const error = await failure(send(wire.url, undefined, fast, { takesConnections: async () => false }));
    expect(error).toMatchObject({ kind: "timeout", status: 504, code: "upstream_connection_error", retryable: true });
    expect(error.message).toContain("within 0.02 s");
  });

  test("a host that takes connections may think as long as it likes", async () => {
    const gate = Promise.withResolvers<void>();
    const wire = upstream(async function* () {
      yield { until: gate.promise };
      yield* json({ late: true });
    });
    const asked = async (): Promise<boolean> => (setImmediate(gate.resolve), true);
    expect(await (await send(wire.url, undefined, fast, { takesConnections: asked })).json()).toEqual({ late: true });
  });

  test("an answer that comes while the host is asked is taken", async () => {
    const gate = Promise.withResolvers<void>();
    const wire = upstream(async function* () {
      yield { until: gate.promise };
      yield* json({});
    });
    const slow = Promise.withResolvers<boolean>();
    const asked = (): Promise<boolean> => (gate.resolve(), slow.promise);
    const response = await send(wire.url, undefined, fast, { takesConnections: asked });
    slow.resolve(false);
    expect(await response.json()).toEqual({});
  });

  test("behind a proxy nobody is asked", async () => {
    const gate = Promise.withResolvers<void>();
    const wire = upstream(async function* () {
      yield { until: gate.promise };
      yield* json({});
    });
    let asked = 0;
    const sent = send(
      wire.url,
      undefined,
      { timeout: 1, proxied: true },
      { takesConnections: async () => (asked++, false) },
    );
    // Three ticks of the alarms' clock.
    await Bun.sleep(300);
    gate.resolve();
    expect((await sent).status).toBe(200);
    expect(asked).toBe(0);
  });

  test("a host that has just answered and then swallows everything is given up too", async () => {
    const wire = upstream(({ reused }) => (reused === 0 ? json({}) : [{ then: "stall" }]));
    await (await send(wire.url)).text();
    const sent = send(wire.url, undefined, fast, { takesConnections: async () => false });
    expect(await failure(sent)).toMatchObject({ status: 504, retryable: true });
  });

  test("reachability: an open port and a refusal are answers, asked once for many", async () => {
    const wire = upstream(() => json({}));
    const reachability = new Reachability();
    const url = new URL(wire.url);
    expect(reachability.takesConnections(url, 1_000)).toBe(reachability.takesConnections(url, 1_000));
    expect(await reachability.takesConnections(url, 1_000)).toBe(true);
    expect(await reachability.takesConnections(new URL("http://127.0.0.1:1"), 1_000)).toBe(true);
  });
});

test("redirects are not followed and a compressed answer is unpacked", async () => {
  const packed = Bun.gzipSync(Buffer.from('{"a":1}'));
  const wire = upstream(({ target }) =>
    target === "/r"
      ? [{ send: "HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n" }]
      : [
          {
            send: `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\ncontent-length: ${packed.length}\r\n\r\n`,
          },
          { send: packed },
        ],
  );
  expect((await send(`${wire.url}/r`)).status).toBe(302);
  expect(wire.seen.map((one) => one.target)).toEqual(["/r"]);
  expect(await (await send(`${wire.url}/z`)).json()).toEqual({ a: 1 });
});
