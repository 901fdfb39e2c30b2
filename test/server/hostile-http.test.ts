/** Bytes that no HTTP library would send, before a real gateway process: served, or refused with words, and it lives. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { workersOf } from "../processes/worker.ts";
import { cutOff, hi, refused, served } from "./hostile-requests.ts";

let gateway: Gateway;
let workers: number[] = [];
beforeAll(async () => {
  gateway = await startGateway("http://127.0.0.1:1", { args: ["--demo", "--log-format", "json"] });
  workers = onLinux ? workersOf(gateway.pid) : [];
});
afterAll(() => gateway.stop());
const onLinux = process.platform === "linux";

/** What comes back until `enough` says so, or until the other side closes. */
function sent(request: string | Uint8Array, enough: (got: string) => boolean): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let got = "";
  const late = setTimeout(() => reject(new Error(`no answer, but ${JSON.stringify(got)}`)), 10_000);
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1", () => socket.write(request));
  const over = (): void => {
    clearTimeout(late);
    socket.destroy();
    resolve(got);
  };
  socket.on("data", (bytes) => {
    got += bytes.toString("latin1");
    if (enough(got)) over();
  });
  // A refusal may come while we are still writing.
  socket.on("error", over);
  socket.on("close", over);
  return promise;
}

/** A head with its whole body, however it is framed; an interim answer is none. */
function isWhole(got: string): boolean {
  const [, status = "", head = "", body = ""] =
    /^(?:HTTP\/1\.1 1\d\d[^]*?\r\n\r\n)?HTTP\/1\.1 (\d+)([^]*?)\r\n\r\n([^]*)$/.exec(got) ?? [];
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  return status !== "" && length !== undefined && body.length >= Number(length);
}
const statusOf = (got: string): string => /HTTP\/1\.1 (?!1\d\d)(\d+)/.exec(got)?.[1] ?? "";

describe("served", () => {
  test.each(served)("%s", async (_name, request, answer) => {
    const got = await sent(request, (text) => answer.test(text));
    expect(got).toMatch(answer);
    expect(statusOf(got)).toBe("200");
  });
});

describe("refused with words, in the caller's format", () => {
  test.each(refused)("%s", async (_name, request, status, says) => {
    const got = await sent(request, isWhole);
    expect(statusOf(got)).toBe(String(status));
    const { error } = JSON.parse(got.slice(got.indexOf("\r\n\r\n") + 4)) as {
      error: { message: string; type: string };
    };
    expect(error.message).toMatch(says);
    expect(error.type).toBe("invalid_request_error");
    expect(got).not.toMatch(/^set-cookie:/im);
  });

  test.each(["bedrock_claude", "bedrock_titan"])(
    "an error before the body is read speaks %s to who asked for it",
    async (format) => {
      const answer = await fetch(`${gateway.url}/v1/chat/completions?target_format=${format}`, {
        method: "POST",
        headers: { "content-type": "text/plain" },
        body: hi,
      });
      expect(answer.status).toBe(415);
      const wanted = format === "bedrock_claude" ? { type: "error" } : { __type: "ValidationException" };
      expect(await answer.json()).toMatchObject(wanted);
    },
  );

  test("25 MB of open brackets hold nobody up", async () => {
    const start = performance.now();
    const [deep, health] = await Promise.all([
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "[".repeat(25_000_000),
      }),
      fetch(`${gateway.url}/health`),
    ]);
    expect([deep.status, health.status]).toEqual([400, 200]);
    // A parse of it takes three seconds on a quiet machine.
    expect(performance.now() - start).toBeLessThan(2_500);
  });
});

describe("cut off by the HTTP parser", () => {
  test.each(cutOff)("%s", async (_name, request, status) => {
    expect(statusOf(await sent(request, () => false))).toMatch(status);
  });
});

test("after all of that the same process answers, and had no error of its own", async () => {
  const answer = await fetch(`${gateway.url}/health`);
  expect(answer.status).toBe(200);
  if (onLinux) expect(workersOf(gateway.pid)).toEqual(workers);
  expect(gateway.log()).not.toMatch(/internal_error|ended by|exited/);
});
