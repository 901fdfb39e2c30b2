/** `chat` as the client of a running gateway (original.md, cases 53, 58, 59). */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openai, openaiError, openaiStream, textEvents } from "../../fakes/openai.ts";
import { type Script, startWire, type Wire } from "../../fakes/wire.ts";
import { type Gateway, startGateway } from "../../traffic/gateway.ts";
import { chat, home, program } from "./program.ts";

const wires: Wire[] = [];
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway("http://127.0.0.1:9", {
    args: ["--demo"],
    command: program,
    env: { API_KEY: "gateway-key" },
  });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  for (const wire of wires) wire.stop();
});
function fake(answer: () => Script): Wire {
  const wire = startWire(answer);
  wires.push(wire);
  return wire;
}

describe.concurrent("a running gateway", () => {
  test("the key comes from a file, the answer streams", async () => {
    const key = join(home, "key");
    writeFileSync(key, "gateway-key\n");
    const { out, err, exit } = await chat([
      "--server-url",
      gateway.url,
      "--api-key-file",
      key,
      "-m",
      "demo-echo",
      "hi",
    ]);
    expect({ out, err, exit }).toEqual({ out: "hi\n", err: "", exit: 0 });
  });

  test("CHAT_SERVER_URL and CHAT_API_KEY", async () => {
    const env = { CHAT_SERVER_URL: `${gateway.url}/v1`, CHAT_API_KEY: "gateway-key" };
    expect((await chat(["-m", "demo-echo", "hi"], { env })).out).toBe("hi\n");
    const { err, exit } = await chat(["-m", "demo-cut", "hi"], { env });
    expect(err).toContain("amazon-chat: ");
    expect(exit).toBe(1);
  });

  test("a wrong key: 4 and where to put the right one", async () => {
    const env = { CHAT_SERVER_URL: gateway.url, CHAT_API_KEY: "wrong" };
    const { err, exit } = await chat(["-m", "demo-echo", "hi"], { env });
    expect(err).toContain("Authentication Error: ");
    expect(err).toContain("amazon-chat config set CHAT_API_KEY");
    expect(exit).toBe(4);
  });
});

describe.concurrent("what goes over the wire", () => {
  test("--no-stream --api-key: the predecessor's request, and a word about the key", async () => {
    const wire = fake(() => openai({ message: { content: "Hello!" } }));
    const { out, err } = await chat(["--no-stream", "--api-key", "k", "--server-url", wire.url], { stdin: "Hello\n" });
    expect(out).toBe("Hello!\n");
    expect(err).toContain("use --api-key-file");
    expect(wire.seen[0]?.target).toBe("/v1/chat/completions");
    expect(wire.seen[0]?.headers["authorization"]).toBe("Bearer k");
    expect(JSON.parse(new TextDecoder().decode(wire.seen[0]?.body))).toEqual({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "Hello" }],
      stream: false,
    });
  });

  test("a stream without its end is a failure", async () => {
    const wire = fake(() => openaiStream(textEvents(["half"]).slice(0, 2)));
    const { out, exit } = await chat(["hi", "--server-url", wire.url]);
    expect(out).toBe("half");
    expect(exit).toBe(1);
  });

  const rows: [number, string, number][] = [
    [401, "Authentication Error: no", 4],
    [404, "Not Found Error: no", 5],
    [418, "API Error (418): no", 1],
    [429, "Rate Limit Error: no", 6],
    [500, "Server Error: no", 1],
  ];
  for (const [status, text, code] of rows) {
    test(`${status}: ${text}`, async () => {
      const wire = fake(() => openaiError(status, { message: "no" }));
      const { err, exit } = await chat(["hi", "--server-url", wire.url, "--retries", "0"]);
      expect(err).toContain(text);
      expect(exit).toBe(code);
    });
  }

  test("nobody there: Connection Error, and how to start it", async () => {
    const wire = startWire(() => []);
    wire.stop();
    const { err, exit } = await chat(["hi", "--server-url", wire.url, "--retries", "0"]);
    expect(err).toContain("Connection Error: cannot connect to the gateway at");
    expect(err).toContain("Start it with: amazon-chat serve");
    expect(exit).toBe(1);
  });
});
