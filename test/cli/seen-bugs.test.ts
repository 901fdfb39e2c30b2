/**
 * What went wrong once in libraries and prototypes of this command line, one test for each line of the list that was made
 * of it. The title is the line.
 */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { program as table } from "../../src/cli/registry.ts";
import { openaiError } from "../fakes/openai.ts";
import { startWire } from "../fakes/wire.ts";
import { keys, Session } from "../terminal/session.ts";
import { startGateway } from "../traffic/gateway.ts";
import { clean, home, openaiAt, program } from "./chat/program.ts";
import { halting, says, Talk } from "./chat/talk.ts";
import { amazonChat, type Ended } from "./spawn.ts";

setDefaultTimeout(60_000);
const run = (
  args: string[],
  how: { env?: Record<string, string>; stdin?: string; cwd?: string } = {},
): Promise<Ended> => amazonChat(args, { program, cwd: home, ...how, env: { ...clean, ...how.env } });

/** A shell line without a terminal. */
async function shell(line: string, env: Record<string, string> = {}): Promise<Ended> {
  return amazonChat([], { program: ["bash", "-c", line, "bash", ...program], cwd: home, env: { ...clean, ...env } });
}

/** Every command, as it is typed. */
async function everyCommand(): Promise<string[][]> {
  const found: string[][] = [[]];
  for (const [name, entry] of Object.entries(table.commands)) {
    const node = await entry.load();
    found.push([name]);
    if ("commands" in node) for (const inner of Object.keys(node.commands)) found.push([name, inner]);
  }
  return found;
}
const commands = await everyCommand();

test("`x | head -1` no stack", async () => {
  for (const args of ["models --demo", "--help", "chat --help", "config show --all", "chat --demo -m lorem hi"]) {
    const { out, err } = await shell(`"$@" ${args} | head -1; echo "exit \${PIPESTATUS[0]}"`);
    expect(out.trimEnd().split("\n").at(-1), args).toBe("exit 0");
    expect(out.trimEnd().split("\n").length, args).toBe(2);
    expect(err, args).not.toMatch(/\bat .*:\d+|error:|EPIPE/);
  }
});

test("2 MB answer through a pipe complete", async () => {
  const talk = new Talk(() => says(...Array.from({ length: 2_000 }, (_, at) => `${String(at).padEnd(1_099, "x")}\n`)));
  const { out } = await shell(`"$@" chat hi | (sleep 0.3; wc -c)`, talk.env);
  expect(Number(out)).toBe(2_200_000);
});

describe.concurrent("`</dev/null` never hangs (each command, 5 s timeout)", () => {
  for (const command of commands) {
    const line = command.join(" ");
    if (line === "serve") continue;
    test(line || "without a command", async () => {
      const { out } = await shell(`timeout 5 "$@" ${line} </dev/null >/dev/null 2>&1; echo $?`);
      // 124 is what timeout says of a program that it had to end.
      expect(Number(out)).not.toBe(124);
    });
  }

  test("serve: it is made to stay, and comes up", async () => {
    const gateway = await startGateway("http://127.0.0.1:9", { command: program, args: ["--demo"] });
    await gateway.stop();
  });
});

test("hostile cwd with bunfig preload + .env changes nothing", async () => {
  const cwd = mkdtempSync(join(home, "hostile-"));
  const mark = join(cwd, "PWNED");
  writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
  writeFileSync(
    join(cwd, "preload.ts"),
    `await Bun.write(${JSON.stringify(mark)}, "");\nconsole.log("PRELOAD RAN");\n`,
  );
  writeFileSync(join(cwd, "aws"), `[default]\ncredential_process = touch ${mark}\nregion = us-east-1\n`);
  const hostile = `AWS_CONFIG_FILE=${join(cwd, "aws")}\nEDITOR=touch ${mark};\nNODE_OPTIONS=--require=./preload.ts\nBUN_OPTIONS=--preload=./preload.ts\nHTTPS_PROXY=http://127.0.0.1:9\nDEFAULT_MODEL=demo-echo\n`;
  for (const name of [".env", ".env.local", ".env.production", ".env.development"])
    writeFileSync(join(cwd, name), hostile);
  const answer = await run(["chat", "--demo", "hi"], { cwd });
  expect({ out: answer.out, exit: answer.exit }).toEqual({ out: "hi\n", exit: 0 });
  await run(["chat", "-m", "us.amazon.nova-micro-v1:0", "--retries", "0", "--timeout", "1", "hi"], { cwd });
  await run(["config", "test-aws", "--timeout", "1"], { cwd });
  await run(["models"], { cwd });
  expect(() => statSync(mark)).toThrow();
});

describe.concurrent("unknown flag = 2", () => {
  for (const command of commands) {
    test([...command, "--modle"].join(" "), async () => {
      const { out, err, exit } = await run([...command, "--modle", "gpt"]);
      expect({ out, exit }).toEqual({ out: "", exit: 2 });
      expect(err).toContain("Unknown option --modle.");
    });
  }
});

describe.concurrent("every provider error = non-zero", () => {
  for (const status of [400, 401, 402, 403, 404, 408, 409, 413, 415, 418, 422, 429, 500, 502, 503, 504, 529]) {
    test(String(status), async () => {
      const wire = startWire(() => openaiError(status, { message: "no" }));
      for (const args of [[], ["--no-stream"], ["--server-url", wire.url]]) {
        const { out, exit } = await run(["chat", "--retries", "0", ...args, "hi"], { env: openaiAt(wire.url) });
        expect(exit).not.toBe(0);
        expect(out).toBe("");
      }
      wire.stop();
    });
  }
});

test("stdout clean under `2>/dev/null | cat -v` (no ESC)", async () => {
  const lines = [
    ...commands.filter(([name]) => name !== "serve").map((command) => `${command.join(" ")} --help`),
    "chat --demo -m lorem hi",
    "chat --demo -m reasoning --show-reasoning -u hi",
    "chat --demo --json hi",
    "models --demo",
    "config show --all",
    "config show --json",
    "config set --list",
    "version",
    "--version",
  ];
  for (const line of lines) {
    const { out } = await shell(`"$@" ${line} 2>/dev/null | cat -v`, { TERM: "xterm-256color" });
    expect(out, line).not.toBe("");
    expect(out, line).not.toContain("^[");
  }
});

describe.concurrent("`NO_COLOR=1`, `NO_COLOR=true`, `TERM=dumb`", () => {
  for (const env of [{ NO_COLOR: "1" }, { NO_COLOR: "true" }, { TERM: "dumb" }]) {
    test(JSON.stringify(env), async () => {
      for (const args of [
        ["--help"],
        ["chat", "--demo", "-m", "reasoning", "**loud**"],
        ["models", "--demo"],
        ["nonsense"],
      ]) {
        const session = new Session([...program, ...args], { cwd: home, env: { ...clean, ...env } });
        await session.ended();
        expect(session.raw).not.toMatch(/\x1b\[[\d;]*m/);
      }
    });
  }
});

describe.concurrent("Ctrl-C during spinner, during stream, at prompt", () => {
  /** An answer that lets one wait for its first byte. */
  const silent = (): Iterable<{ then: "stall" }> => [{ then: "stall" }];

  test("during spinner: 130 where there is one answer, the prompt where there are more", async () => {
    const talk = new Talk(silent, silent);
    const once = talk.open(["hi"]);
    await once.on("gpt-4o-mini …", keys.interrupt);
    expect(await once.ended()).toBe(130);
    const session = talk.open();
    await session.on("›", `hi${keys.enter}`);
    await session.on("gpt-4o-mini …", keys.interrupt);
    await session.on(/\[interrupted\]\n› hi$/, keys.interrupt, keys.end);
    expect(await session.ended()).toBe(0);
    for (const { closed } of talk.wire.seen) await closed;
  });

  test("during stream", async () => {
    const talk = new Talk(
      () => halting("half"),
      () => halting("half"),
    );
    const once = talk.open(["hi"]);
    await once.on("half", keys.interrupt);
    expect(await once.ended()).toBe(130);
    const session = talk.open();
    await session.on("›", `hi${keys.enter}`);
    await session.on("half", keys.interrupt);
    await session.on(/\[interrupted\]\n›$/, keys.end);
    expect(await session.ended()).toBe(0);
  });

  test("at prompt", async () => {
    const session = new Talk().open();
    await session.on("›", "text");
    await session.on("› text", keys.interrupt);
    await session.on(/›$/, keys.interrupt);
    await session.on("(Ctrl-C again or Ctrl-D to exit)", keys.interrupt);
    expect(await session.ended()).toBe(130);
  });
});

test("paste with empty line", async () => {
  const talk = new Talk();
  const session = talk.open();
  await session.on("›", "\x1b[200~one\r\rthree\x1b[201~");
  await session.on("three", keys.enter);
  await session.on(/ s\n›$/, keys.end);
  expect(await session.ended()).toBe(0);
  expect(talk.sent(0)).toEqual([{ role: "user", content: "one\n\nthree" }]);
});

test("config file 0600 after every write", async () => {
  const own = mkdtempSync(join(home, "config-"));
  const env = { HOME: own, EDITOR: "sed -i s/warning/error/" };
  const file = join(own, ".config", "amazon-chat", "config.env");
  mkdirSync(join(own, ".config", "amazon-chat"), { recursive: true });
  for (const args of [
    ["config", "set", "LOG_LEVEL", "warning"],
    ["config", "set", "--key", "AWS_REGION", "--value", "us-east-1"],
    ["config", "edit"],
    ["config", "unset", "AWS_REGION"],
  ]) {
    // Wider than it should be, before each.
    if (args[1] !== "set" || args[2] !== "LOG_LEVEL") await Bun.$`chmod 644 ${file}`.quiet();
    const { exit } = await run(args, { env });
    expect(exit, args.join(" ")).toBe(0);
    expect(statSync(file).mode & 0o777, args.join(" ")).toBe(0o600);
  }
  expect(readFileSync(file, "utf8")).toContain("LOG_LEVEL=error");
});

test("no secret in any output of `config set/show`, `-vv`, `--dry-run`, serve log", async () => {
  const own = mkdtempSync(join(home, "secrets-"));
  const secrets = {
    OPENAI_API_KEY: "sk-proj-canary-0123456789abcdef",
    API_KEY: "gateway-canary-0123456789",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/canary/bPxRfiCYEXAMPLEKEY",
    AWS_SESSION_TOKEN: "FwoGZXIvYXdzEcanaryTOKEN0123456789",
    AWS_BEARER_TOKEN_BEDROCK: "bedrock-api-key-canary0123456789",
  };
  const wire = startWire(() => openaiError(401, { message: `Incorrect API key provided: ${secrets.OPENAI_API_KEY}` }));
  const all = { ...secrets, HOME: own, AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_REGION: "us-east-1" };
  const env = { ...all, OPENAI_BASE_URL: `${wire.url}/v1`, AWS_ENDPOINT_URL: wire.url };
  const outputs: string[] = [];
  const keep = async (args: string[], stdin = ""): Promise<void> => {
    const { out, err } = await run(args, { env, stdin });
    outputs.push(`${args.slice(0, 2).join(" ")}:\n${out}${err}`);
  };
  for (const [key, value] of Object.entries(secrets)) {
    await keep(["config", "set", key, value]);
    await keep(["config", "set", key, "--stdin"], value);
  }
  for (const format of ["table", "json", "yaml"]) await keep(["config", "show", "--all", "--format", format]);
  await keep(["config", "get", "OPENAI_API_KEY"]);
  for (const model of ["gpt-4o-mini", "us.amazon.nova-micro-v1:0"]) {
    await keep(["chat", "-vv", "--retries", "0", "-m", model, "hi"]);
    await keep(["chat", "--dry-run", "-m", model, "hi"]);
  }
  await keep(["config", "test-aws", "-vv", "--timeout", "2"]);
  const gateway = await startGateway(wire.url, { command: program, env, args: ["--log-level", "debug"] });
  for (const key of [secrets.API_KEY, "wrong-canary-key"]) {
    await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] }),
    }).then((response) => response.text());
  }
  await gateway.stop();
  expect(gateway.log()).toContain("401");
  outputs.push(gateway.log());
  wire.stop();
  for (const output of outputs) expect(output).not.toContain("canary");
});

test("resume after Ctrl-Z", async () => {
  const talk = new Talk();
  const session = talk.shell(`set -m; "$@" chat; echo "stopped $?"; fg %1 >/dev/null; echo "ended $?"`);
  await session.on("›", "text");
  await session.on("› text", keys.suspend);
  await session.on(/stopped 148\s+› text$/, keys.enter);
  await session.on(/ s\n›$/, keys.end);
  await session.shows("ended 0");
  await session.ended();
  expect(talk.sent(0)).toEqual([{ role: "user", content: "text" }]);
});
