/** Each exit code of cli.md 3.5. */
import { afterAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cut } from "../../fakes/http.ts";
import { data, delta, openai, openaiError, openaiStream, sseHead, textEvents } from "../../fakes/openai.ts";
import { type Script, startWire, type Wire } from "../../fakes/wire.ts";
import { chat, clean, home, openaiAt, program } from "./program.ts";

const wires: Wire[] = [];
afterAll(() => {
  for (const wire of wires) wire.stop();
});
function upstream(answer: () => Script): Wire {
  const wire = startWire(answer);
  wires.push(wire);
  return wire;
}
const asked = (answer: () => Script, args: string[] = []): ReturnType<typeof chat> =>
  chat(["hi", ...args], { env: openaiAt(upstream(answer).url) });

describe.concurrent("simulated failures", () => {
  const rows: [string, number, string][] = [
    ["demo-error-400", 2, "This request is refused."],
    ["demo-error-401", 4, "Set your keys: amazon-chat config set"],
    ["demo-error-403", 5, "List models: amazon-chat models"],
    ["demo-error-404", 5, "List models: amazon-chat models"],
    ["demo-error-408", 1, "The request took too long."],
    ["demo-error-413", 2, "The request is too large."],
    ["demo-error-429", 6, "Try again in 1 s."],
    ["demo-error-500", 1, "The model had an error."],
    ["demo-error-503", 6, "Try again in 2 s."],
    ["demo-error-midstream", 6, "broke off"],
    ["demo-cut", 1, "ended unexpectedly"],
    ["demo-nobody", 5, "There is no demo model 'demo-nobody'"],
  ];
  for (const [model, code, text] of rows) {
    test(`${model}: ${code}`, async () => {
      const { err, exit } = await chat(["--demo", "-m", model, "--retries", "0", "hi"]);
      expect(err).toContain(text);
      expect(err).toStartWith("amazon-chat: ");
      expect(err.trimEnd().split("\n").length).toBeLessThanOrEqual(4);
      expect(exit).toBe(code);
    });
  }
});

describe.concurrent("0 and 1", () => {
  test("cut by the limit of tokens: 0, and said", async () => {
    const { out, err, exit } = await asked(() => openaiStream(textEvents(["half an"], "length")));
    expect(out).toBe("half an\n");
    expect(err).toContain("The answer was cut off: it reached the limit of tokens.");
    expect(exit).toBe(0);
  });

  test("a stream that breaks off: 1, what came is there and nothing behind it", async () => {
    const body = Buffer.concat([data(delta({ role: "assistant", content: "half an" }))]);
    const { out, exit } = await asked(() => cut(sseHead, body, body.length, "clean"));
    expect(out).toBe("half an");
    expect(exit).toBe(1);
  });

  test("nobody listens: 1", async () => {
    const wire = startWire(() => []);
    wire.stop();
    const { err, exit } = await chat(["hi", "--retries", "0"], { env: openaiAt(wire.url) });
    expect(exit).toBe(1);
    expect(err).toStartWith("amazon-chat: ");
  });

  test("whoever stops reading ends it with 0, without a stack", async () => {
    const child = Bun.spawn(
      [
        "bash",
        "-c",
        `"$@" chat --demo -m demo-lorem -o 'demo={"tokens":50000}' hi | head -c 1 >/dev/null; echo $PIPESTATUS`,
        "bash",
        ...program,
      ],
      { env: { PATH: process.env["PATH"] ?? "", ...clean }, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    );
    expect(await new Response(child.stdout).text()).toBe("0\n");
    expect(await new Response(child.stderr).text()).toBe("");
  });
});

describe.concurrent("2: what was typed", () => {
  const file = join(home, "binary");
  writeFileSync(file, new Uint8Array([0, 1, 2, 3, 0, 255]));
  const empty = join(home, "empty");
  writeFileSync(empty, "");
  const large = join(home, "large");
  writeFileSync(large, Buffer.alloc(20 * 2 ** 20 + 1, "a"));
  const rows: [string[], string][] = [
    [["--temperature", "hot", "hi"], '--temperature must be a number, not "hot".'],
    [["-t", "3", "hi"], "--temperature must be from 0 to 2, not 3."],
    [["--top-p", "2", "hi"], "--top-p must be from 0 to 1, not 2."],
    [["--max-tokens", "0", "hi"], "--max-tokens must be a whole number above 0"],
    [["--retries", "1.5", "hi"], "--retries must be a whole number from 0"],
    [["--timeout", "0", "hi"], "--timeout must be above 0"],
    [["--effort", "hihg", "hi"], "Did you mean high?"],
    [["-o", "seed", "hi"], '-o takes key=value, not "seed".'],
    [["--bogus", "hi"], "Unknown option --bogus."],
    [["-a", "no/such/file", "hi"], "There is no such file."],
    [["-a", home, "hi"], "is a folder."],
    [["-a", file, "hi"], "is of no type that is known here."],
    [["-a", empty, "hi"], "empty is empty."],
    [["-a", large, "hi"], "is too large."],
    [["-a", "/dev/zero", "hi"], "/dev/zero is no file."],
    [["-f", file, "hi"], "is no text file."],
    [["--system-file", "no/such/file", "hi"], "There is no such file."],
    [["--system", "a", "--system-file", file, "hi"], "not both"],
    [["--session", "nobody", "hi"], 'There is no session "nobody".'],
    [["--tools", file, "hi"], "holds no list of tools."],
    [["-i", "hi"], "--interactive needs a terminal."],
  ];
  for (const [args, text] of rows) {
    test(args.join(" ").replace(home, "~"), async () => {
      const { out, err, exit } = await chat(["--demo", ...args]);
      expect(err).toContain(text);
      expect(err).toContain("Try: amazon-chat chat --help");
      expect(out).toBe("");
      expect(exit).toBe(2);
    });
  }

  test("binary on stdin", async () => {
    const { err, exit } = await chat(["--demo"], { stdin: "\0\0\x01binary" });
    expect(err).toContain("Standard input is no text.");
    expect(exit).toBe(2);
  });
});

describe.concurrent("4 to 7", () => {
  test("no key: 4 and what to run", async () => {
    for (const args of [["hi"], ["-m", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "hi"]]) {
      const { out, err, exit } = await chat(args);
      expect(exit).toBe(4);
      expect(out).toBe("");
      expect(err).toContain("amazon-chat config set");
      expect(err).toContain("amazon-chat chat --demo");
    }
  });

  test("a rejected key: 4", async () => {
    const error = { message: "Incorrect API key provided: sk-fake.", code: "invalid_api_key" };
    const { exit } = await asked(() => openaiError(401, error));
    expect(exit).toBe(4);
  });

  test("an unknown model: 5 and what was meant", async () => {
    const { err, exit } = await chat(["--demo", "-m", "demo-eco", "hi"]);
    expect(err).toContain("Did you mean demo-echo?");
    expect(exit).toBe(5);
  });

  test("a quota: 6", async () => {
    const error = {
      message: "You exceeded your current quota.",
      type: "insufficient_quota",
      code: "insufficient_quota",
    };
    expect((await asked(() => openaiError(429, error), ["--retries", "0"])).exit).toBe(6);
  });

  test("stopped by a filter, or refused: 7", async () => {
    const filtered = await asked(() => openaiStream(textEvents(["some"], "content_filter")));
    expect(filtered.err).toContain("stopped by a content filter");
    expect(filtered.exit).toBe(7);
    const refused = await asked(() => openai({ message: { content: null, refusal: "I will not." } }), ["--no-stream"]);
    expect(refused.out).toBe("I will not.\n");
    expect(refused.exit).toBe(7);
  });
});

describe.concurrent("130 and 143", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} in the middle of an answer: ${code}, and the upstream is let go`, async () => {
      const held = upstream(() => holding());
      const child = Bun.spawn([...program, "chat", "hi"], {
        env: { PATH: process.env["PATH"] ?? "", ...clean, ...openaiAt(held.url) },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      let shown = "";
      for await (const bytes of child.stdout) {
        shown += new TextDecoder().decode(bytes);
        if (shown === "half an") child.kill(signal);
      }
      expect(await child.exited).toBe(code);
      expect(shown).toBe("half an");
      expect(await new Response(child.stderr).text()).toBe("");
      await held.seen[0]?.closed;
      expect(held.seen.length).toBe(1);
    });
  }
});

/** An answer that begins and never goes on. */
function* holding(): Generator<{ send: Uint8Array | string } | { then: "stall" }> {
  const first = data(delta({ role: "assistant", content: "half an" }));
  yield { send: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" };
  yield { send: Buffer.concat([Buffer.from(`${first.length.toString(16)}\r\n`), first, Buffer.from("\r\n")]) };
  yield { then: "stall" };
}
