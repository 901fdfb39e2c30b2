/** What goes to stdout and what to stderr (cli.md 3.3), and what is sent. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { data, delta, openai, openaiStream, textEvents } from "../../fakes/openai.ts";
import { type Exchange, type Script, startWire, type Wire } from "../../fakes/wire.ts";
import { inTerminal } from "../spawn.ts";
import { chat, clean, home, openaiAt, program } from "./program.ts";

let wire: Wire;
const answers = new Map<string, () => Script>();
beforeAll(() => {
  // Each test has a model of its own, so that they can run side by side.
  wire = startWire(
    (exchange) => answers.get(String(bodyOf(exchange)["model"]))?.() ?? openai({ message: { content: "ok" } }),
  );
});
afterAll(() => wire.stop());

const bodyOf = ({ body }: Exchange): Record<string, unknown> => JSON.parse(new TextDecoder().decode(body));
const sent = (model: string): Record<string, unknown>[] =>
  wire.seen.map(bodyOf).filter((body) => body["model"] === model);
let count = 0;
/** A model that answers so. */
function model(answer: () => Script): string {
  const name = `gpt-4o-test-${count++}`;
  answers.set(name, answer);
  return name;
}
const ask = (name: string, args: string[], how: { stdin?: string } = {}): ReturnType<typeof chat> =>
  chat(["-m", name, ...args], { ...how, env: openaiAt(wire.url) });
const says = (...texts: string[]): string => model(() => openaiStream(textEvents(texts)));

describe.concurrent("stdout", () => {
  test("5 MB come whole, to the byte, also to a reader that is late", async () => {
    const pieces = Array.from({ length: 5000 }, (_, at) => `${at} ${"é\r\n\x1b[31m\t".repeat(110)}`);
    const name = says(...pieces);
    const child = Bun.spawn(["bash", "-c", `"$@" chat -m ${name} hi | (sleep 0.3; cat)`, "bash", ...program], {
      env: { PATH: process.env["PATH"] ?? "", ...clean, ...openaiAt(wire.url) },
      stdin: "ignore",
      stdout: "pipe",
    });
    const out = await new Response(child.stdout).bytes();
    const whole = Buffer.from(`${pieces.join("")}\n`);
    expect(whole.length).toBeGreaterThan(5_000_000);
    expect(Buffer.compare(out, whole)).toBe(0);
  });

  test("one line break behind the answer, none where it has one", async () => {
    expect((await ask(says("a"), ["hi"])).out).toBe("a\n");
    expect((await ask(says("a\n"), ["hi"])).out).toBe("a\n");
    expect((await ask(says("a[i]", "\n\n"), ["hi"])).out).toBe("a[i]\n\n");
  });

  test("escape sequences of a model do not reach a terminal", async () => {
    const name = says("safe\x1b]0;title\x07\x1b[2J\x9b31m text");
    const env = { ...clean, ...openaiAt(wire.url) };
    for (const flag of ["--raw", "--markdown"]) {
      const shown = await inTerminal(`"$@" chat ${flag} -q -m ${name} hi`, { program, env });
      expect(shown).toContain("safe");
      expect(shown).not.toContain("\x1b]0;");
      expect(shown).not.toContain("\x1b[2J");
      expect(shown).not.toContain("\x07");
    }
  });

  test("no colour under NO_COLOR and TERM=dumb, on a terminal too", async () => {
    for (const env of [{ NO_COLOR: "1" }, { NO_COLOR: "true" }, { TERM: "dumb" }]) {
      const shown = await inTerminal(`"$@" chat --demo -m demo-reasoning "**loud**"`, {
        program,
        env: { ...clean, ...env },
      });
      expect(shown).not.toMatch(/\x1b\[[\d;]*m/);
    }
  });

  test("-x prints the first fenced block, --extract-last the last one", async () => {
    const text = "Here:\n\n```sh\necho one\n```\n\nand\n\n~~~python\nprint(2)\n~~~\n";
    expect((await ask(says(text), ["-x", "hi"])).out).toBe("echo one\n");
    expect((await ask(says(text), ["--extract-last", "hi"])).out).toBe("print(2)\n");
    const none = await ask(says("no code"), ["-x", "hi"]);
    expect(none).toMatchObject({ out: "", exit: 1 });
    expect(none.err).toContain("The answer holds no fenced code block.");
  });

  test("--json: one object; a failure is one too", async () => {
    const good = await ask(says("Hel", "lo"), ["--json", "hi"]);
    expect(JSON.parse(good.out)).toEqual({
      id: expect.any(String),
      model: expect.any(String),
      provider: "openai",
      created: expect.any(Number),
      content: "Hello",
      finish_reason: "stop",
      usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
      latency_ms: expect.any(Number),
      session_id: expect.any(String),
    });
    const bad = await chat(["--demo", "--json", "-m", "demo-error-429", "hi"]);
    expect(JSON.parse(bad.out)).toEqual({
      error: {
        type: "rate_limit_error",
        code: "rate_limit_exceeded",
        message: expect.stringContaining("Too many requests."),
        status: 429,
        hint: "Try again in 1 s.",
      },
    });
    expect(bad.exit).toBe(6);
  });

  test("--json-stream: a line for each event, the last one says how it ended", async () => {
    const { out } = await ask(says("Hel", "lo"), ["--json-stream", "hi"]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(["start", "delta", "delta", "usage", "end"]);
    expect(lines.at(-1)).toMatchObject({ finish_reason: "stop" });
    const broken = await chat(["--demo", "--json-stream", "-m", "demo-cut", "hi"]);
    const last: unknown = JSON.parse(broken.out.trimEnd().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ type: "error", error: { code: "upstream_stream_truncated" } });
    expect(broken.exit).toBe(1);
  });
});

describe.concurrent("stderr", () => {
  test("nothing in a pipe; the usage line with -u", async () => {
    expect((await ask(says("a"), ["hi"])).err).toBe("");
    const name = says("a");
    expect((await ask(name, ["-u", "hi"])).err).toMatch(new RegExp(`^${name} · 9 in / 4 out · \\d+\\.\\d s\\n$`));
  });

  test("reasoning only when asked for, and never on stdout", async () => {
    const quiet = await chat(["--demo", "-m", "demo-reasoning", "hi"]);
    expect(quiet.err).toBe("");
    const loud = await chat(["--demo", "-m", "demo-reasoning", "--show-reasoning", "hi"]);
    expect(loud.out).toBe(quiet.out);
    expect(loud.err.length).toBeGreaterThan(10);
  });
});

describe.concurrent("what is sent", () => {
  test("flags become fields of the request", async () => {
    const name = says("a");
    const flags = [
      "-t",
      "0.5",
      "--top-p",
      "0.9",
      "--max-tokens",
      "7",
      "-o",
      "seed=3",
      "-o",
      "user=me",
      "-s",
      "Be brief.",
    ];
    expect((await ask(name, [...flags, "hi"])).exit).toBe(0);
    expect(sent(name)).toEqual([
      {
        model: name,
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "hi" },
        ],
        temperature: 0.5,
        top_p: 0.9,
        max_completion_tokens: 7,
        seed: 3,
        user: "me",
        stream: true,
        stream_options: { include_usage: true },
      },
    ]);
  });

  test("--no-stream waits for the whole answer", async () => {
    const name = model(() => openai({ message: { content: "whole" } }));
    expect((await ask(name, ["--no-stream", "hi"])).out).toBe("whole\n");
    expect(sent(name)[0]?.["stream"]).toBe(false);
  });

  test("attachments by what they hold, text files between fences", async () => {
    const name = says("a");
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=",
      "base64",
    );
    const image = join(home, "really-a.pdf");
    const notes = join(home, "notes.md");
    writeFileSync(image, png);
    writeFileSync(notes, "```\ncode\n```\n");
    expect((await ask(name, ["-a", image, "-f", notes, "what is it?"])).exit).toBe(0);
    expect(sent(name)[0]?.["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: `data:image/png;base64,${png.toString("base64")}` } },
          { type: "text", text: `${notes}:\n\`\`\`\`md\n\`\`\`\ncode\n\`\`\`\n\`\`\`\`\n\nwhat is it?` },
        ],
      },
    ]);
  });

  test("-a - attaches what is piped", async () => {
    const name = says("a");
    await ask(name, ["-a", "-", "what?"], { stdin: "%PDF-1.4 of a kind" });
    const url = `data:application/pdf;base64,${btoa("%PDF-1.4 of a kind")}`;
    expect(JSON.stringify(sent(name))).toContain(url);
  });

  test("--dry-run prints the request without the key and sends nothing", async () => {
    const name = says("a");
    const { out, exit } = await ask(name, ["--dry-run", "hello there"]);
    expect(exit).toBe(0);
    expect(out).toContain("hello there");
    expect(out).not.toContain("sk-fake");
    expect(sent(name)).toEqual([]);
  });

  test("tool calls of the answer are told", async () => {
    const call = { index: 0, id: "call_1", type: "function", function: { name: "look", arguments: '{"at":1}' } };
    const name = model(() =>
      openaiStream([
        data(delta({ role: "assistant", tool_calls: [call] })),
        data(delta({}, "tool_calls")),
        data("[DONE]"),
      ]),
    );
    const state = join(home, "tool-state");
    const env = { ...openaiAt(wire.url), XDG_STATE_HOME: state };
    const { out, err, exit } = await chat(["-m", name, "hi"], { env });
    // Going on without a result is told, or the next request would be refused.
    await chat(["-m", name, "-c", "then not"], { env });
    expect(sent(name)[1]?.["messages"]).toEqual([
      { role: "user", content: "hi" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "The user gave no result." },
      { role: "user", content: "then not" },
    ]);
    expect({ out, err, exit }).toEqual({ out: "", err: 'Tool Call: look\nArguments: {"at":1}\n', exit: 0 });
  });
});

describe("sessions", () => {
  test("-c goes on, --no-save leaves nothing, files are private", async () => {
    const state = join(home, "state");
    const env = { XDG_STATE_HOME: state };
    const folder = join(state, "amazon-chat", "sessions");
    await chat(["--demo", "--no-save", "nothing"], { env });
    expect(() => readdirSync(folder)).toThrow();
    expect((await chat(["--demo", "-c", "go on"], { env })).err).toContain("There is no session to go on with.");
    await chat(["--demo", "first"], { env });
    expect((await chat(["--demo", "-c", "second"], { env })).out).toBe("second\n");
    const [file = "", ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const session: { title: string; messages: { content: string }[] } = JSON.parse(
      readFileSync(join(folder, file), "utf8"),
    );
    expect(session.title).toBe("first");
    expect(session.messages.map(({ content }) => content)).toEqual(["first", "first", "second", "second"]);
    const broken = join(folder, "broken.json");
    writeFileSync(broken, "{");
    // The newest, whatever the clock of the file system.
    utimesSync(broken, new Date(), new Date(Date.now() + 60_000));
    const { out, err } = await chat(["--demo", "-c", "third"], { env });
    expect(out).toBe("third\n");
    expect(err).toContain("Skipped a damaged session:");
  });
});
