/** Callers that leave, take nothing, send nothing or come in crowds, before a real gateway process. */
import { afterEach, describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { converseMessages, streamHead } from "../fakes/converse.ts";
import { event } from "../fakes/event-stream.ts";
import { pieces } from "../fakes/http.ts";
import { type Script, startWire, type Wire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { socketsOf, rssOf, until, workersOf } from "./worker.ts";

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

async function before(
  script: () => Script,
  env: Record<string, string> = {},
): Promise<{ gateway: Gateway; wire: Wire; worker: number }> {
  const wire = startWire(script);
  open.push(wire);
  const gateway = await startGateway(wire.url, { env });
  open.push(gateway);
  return { gateway, wire, worker: workersOf(gateway.pid)[0] ?? 0 };
}

const body = JSON.stringify({
  model: "us.amazon.nova-lite-v1:0",
  stream: true,
  messages: [{ role: "user", content: "Hi" }],
});
const post = (gateway: Gateway, signal?: AbortSignal): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal: signal ?? null,
  });

/** A caller on a bare socket; `got` is what it was sent, `closed` settles when the connection is gone. */
function caller(gateway: Gateway, first: string): { socket: Socket; got: () => string; closed: Promise<void> } {
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1", () => socket.write(first));
  let got = "";
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("data", (bytes) => (got = (got + bytes.toString("latin1")).slice(-4000)));
  socket.on("error", () => undefined);
  open.push({ stop: () => socket.destroy() });
  return { socket, got: () => got, closed };
}
const head = (length: number): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** `CALLERS=10000` for the long form. */
const leavers = Number(process.env["CALLERS"] ?? 2_000);
const warmUp = leavers > 2_000 ? 4_000 : 600;
/** MB that a collector may be behind when few have left. */
const slackMB = leavers > 2_000 ? 0 : 8;
const atOnce = 100;

describe.skipIf(process.platform !== "linux")("callers (skipped: not Linux)", () => {
  test(`${leavers} callers that leave in mid-stream leave nothing behind`, async () => {
    const endless = converseMessages({ content: [{ text: "word ".repeat(2_000) }] }, 5);
    const { gateway, wire, worker } = await before(() => pieces(streamHead, endless, () => ({ waitMs: 5 })), {
      LOG_LEVEL: "critical",
    });
    const leaveAll = async (count: number): Promise<void> => {
      let left = 0;
      const one = async (): Promise<void> => {
        while (left++ < count) {
          const abort = new AbortController();
          const response = await post(gateway, abort.signal);
          expect(response.status).toBe(200);
          await response.body?.getReader().read();
          abort.abort();
        }
      };
      await Promise.all(Array.from({ length: atOnce }, one));
      wire.seen.length = 0;
      await until(
        () => wire.connections() === 0,
        5_000,
        () => `${wire.connections()} upstream connections are open`,
      );
    };
    // A process grows until its collector finds its pace: the start is when it has.
    await leaveAll(warmUp);
    const sockets = socketsOf(worker);
    const start = rssOf(worker);
    await leaveAll(leavers);
    await until(
      () => socketsOf(worker) <= sockets + 5,
      5_000,
      () => `${socketsOf(worker)} sockets, ${sockets} before`,
    );
    await until(
      () => rssOf(worker) < start * 1.1 + slackMB,
      10_000,
      () => `${rssOf(worker)} MB, ${start} MB before`,
    );
    if (process.env["CALLERS"]) {
      const grown = `RSS ${start.toFixed(1)} → ${rssOf(worker).toFixed(1)} MB`;
      process.stderr.write(`${leavers} leavers: ${grown}, sockets ${sockets} → ${socketsOf(worker)}\n`);
    }
    // In flight is nothing: the process need not wait for anybody.
    const asked = performance.now();
    expect(await gateway.end("SIGTERM")).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2_000);
  }, 120_000);

  test("a caller that takes nothing slows the upstream down, is dropped, and its socket is closed", async () => {
    const text = event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "x".repeat(64 * 1024) } });
    let sent = 0;
    const flood = function* (): Generator<Uint8Array> {
      yield event("messageStart", { role: "assistant" });
      for (; sent < 200 * 2 ** 20; sent += text.length) yield text;
    };
    const { gateway, wire, worker } = await before(() => pieces(streamHead, flood()), { SLOW_READER_TIMEOUT: "2" });
    const sockets = socketsOf(worker);
    const start = rssOf(worker);
    const { socket, closed, got } = caller(gateway, head(body.length) + body);
    socket.pause();
    await until(
      () => sent > 0,
      5_000,
      () => "the upstream was not asked",
    );
    await Bun.sleep(1_000);
    const grown = rssOf(worker) - start;
    expect(sent).toBeLessThan(60 * 2 ** 20);
    expect(grown).toBeLessThan(60);
    await until(
      () => gateway.log().includes("slow_reader"),
      5_000,
      () => "it was not dropped",
    );
    await until(
      () => wire.connections() === 0,
      2_000,
      () => "the upstream is still held",
    );
    await until(
      () => socketsOf(worker) <= sockets,
      8_000,
      () => `${socketsOf(worker)} sockets, ${sockets} before`,
    );
    socket.resume();
    await closed;
    expect(got()).not.toContain("[DONE]");
  }, 30_000);

  test("a caller that trickles its body gets 408, and the connection is closed", async () => {
    const { gateway, worker } = await before(() => [{ then: "stall" }], { BODY_TIMEOUT: "1" });
    const sockets = socketsOf(worker);
    const { socket, got, closed } = caller(gateway, head(1000));
    const drip = setInterval(() => socket.write("{"), 100);
    await until(
      () => got().includes("request_body_timeout"),
      4_000,
      () => `got ${got()}`,
    );
    expect(got()).toStartWith("HTTP/1.1 408");
    await closed;
    clearInterval(drip);
    await until(
      () => socketsOf(worker) <= sockets,
      5_000,
      () => "the socket is still open",
    );
  }, 30_000);

  test("a caller that trickles its head is cut off by the server, whatever it drips", async () => {
    const { gateway } = await before(() => [{ then: "stall" }]);
    const { socket, got, closed } = caller(gateway, "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n");
    const drip = setInterval(() => socket.write("a: b\r\n"), 500);
    const start = performance.now();
    await closed;
    clearInterval(drip);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(got()).not.toContain("200");
  }, 30_000);

  test("beyond MAX_IN_FLIGHT callers get 503 at once, with Retry-After", async () => {
    const { gateway } = await before(() => [{ then: "stall" }], { MAX_IN_FLIGHT: "2" });
    const abort = new AbortController();
    const waiting = [1, 2].map(() => post(gateway, abort.signal).catch(() => undefined));
    await Bun.sleep(300);
    const start = performance.now();
    const refused = await post(gateway);
    expect(performance.now() - start).toBeLessThan(500);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ error: { code: "server_overloaded" } });
    abort.abort();
    await Promise.all(waiting);
  });

  test("headers of a megabyte are refused, and the process lives", async () => {
    const { gateway } = await before(() => pieces(streamHead, converseMessages({ content: [{ text: "ok" }] })));
    const { got, closed } = caller(gateway, `GET /health HTTP/1.1\r\nhost: x\r\nx-big: ${"x".repeat(2 ** 20)}\r\n\r\n`);
    await closed;
    expect(got()).toMatch(/^HTTP\/1\.1 431|^$/);
    expect((await post(gateway)).status).toBe(200);
  });
});
