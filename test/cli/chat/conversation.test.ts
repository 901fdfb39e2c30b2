/** The conversation in a real pseudo-terminal: the row of cli.md 3.2 where nothing was given. */
import { describe, expect, test } from "bun:test";
import { data, delta } from "../../fakes/openai.ts";
import { startWire } from "../../fakes/wire.ts";
import { keys, Session } from "../../terminal/session.ts";
import { clean, openaiAt, program } from "./program.ts";

const open = (args: string[], env: Record<string, string> = {}): Session =>
  new Session([...program, "chat", ...args], { env: { ...clean, ...env } });

describe.concurrent("a conversation", () => {
  test("prompt, answer, commands, Ctrl-D", async () => {
    const session = open(["--demo", "--retries", "0"]);
    await session.on("›", `hello there${keys.enter}`);
    await session.on("demo-echo · 6 in / 2 out", `/model lorem${keys.enter}`);
    await session.on("Model: demo-lorem", `/nonsense${keys.enter}`);
    await session.on("Unknown command /nonsense. /help", `/model demo-error-500${keys.enter}`);
    await session.on("Model: demo-error-500", `fail${keys.enter}`);
    // The text comes back; Ctrl-C clears it.
    await session.on(/amazon-chat: [^›]*› fail/, keys.interrupt, keys.end);
    expect(await session.ended()).toBe(0);
  });

  test("-i stays after the first answer; exit leaves", async () => {
    const session = open(["--demo", "-i", "words"]);
    await session.on("demo-echo · ", `exit${keys.enter}`);
    expect(await session.ended()).toBe(0);
  });

  test("Ctrl-C stops the answer, the conversation goes on; twice at the prompt ends it with 130", async () => {
    const first = data(delta({ role: "assistant", content: "half an answer" }));
    const wire = startWire(() => [
      { send: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" },
      { send: Buffer.concat([Buffer.from(`${first.length.toString(16)}\r\n`), first, Buffer.from("\r\n")]) },
      { then: "stall" as const },
    ]);
    const session = open(["--raw"], openaiAt(wire.url));
    await session.on("›", `hi${keys.enter}`);
    await session.on("half an answer", keys.interrupt);
    await session.on(/\[interrupted\]\s+›/, keys.interrupt);
    await wire.seen[0]?.closed;
    await session.on("(Ctrl-C again or Ctrl-D to exit)", keys.interrupt);
    expect(await session.ended()).toBe(130);
    wire.stop();
  });
});
