import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { amazonChat, inTerminal } from "./spawn.ts";

const program = [process.execPath, join(import.meta.dir, "fixtures.ts")];

describe.concurrent("output", () => {
  test("a reader that is late gets every byte, and the exit code stays", async () => {
    const command = `set -o pipefail; "$@" big --exit 3 | { sleep 0.3; wc -l; }`;
    const { out, exit } = await amazonChat([], { program: ["bash", "-c", command, "bash", ...program] });
    expect(out.trim()).toBe("20000");
    expect(exit).toBe(3);
  });

  test("a reader that goes away is no error", async () => {
    const command = `"$@" big | head -n 1; echo "exit \${PIPESTATUS[0]}"`;
    const { out, err } = await amazonChat([], { program: ["bash", "-c", command, "bash", ...program] });
    expect(out).toMatch(/^0 x+\nexit 0\n$/);
    expect(err).toBe("");
  });

  test("a closed stderr does not stop the work", async () => {
    const command = `"$@" big 2>&- | wc -l`;
    const { out } = await amazonChat([], { program: ["bash", "-c", command, "bash", ...program] });
    expect(out.trim()).toBe("20000");
  });
});

describe.concurrent("failures", () => {
  test("an unexpected one is one line, no stack, exit 1; -vv shows the stack", async () => {
    const { err, exit } = await amazonChat(["bug"], { program });
    expect(exit).toBe(1);
    expect(err).toContain("amazon-chat: Unexpected error: undefined is not a function");
    expect(err).toContain("This is a bug in amazon-chat");
    expect(err).not.toContain("    at ");
    expect((await amazonChat(["bug", "-vv"], { program })).err).toContain("    at ");
    expect((await amazonChat(["-v", "bug", "-v"], { program })).err).toContain("    at ");
  });

  test("one that nobody awaited is told like any other", async () => {
    const { err, exit } = await amazonChat(["stray"], { program });
    expect(exit).toBe(1);
    expect(err).toContain("amazon-chat: Unexpected error: nobody awaited this");
    expect(err).not.toContain("    at ");
  });

  test("an upstream's one keeps its exit code, and -v says what the wire said", async () => {
    const { err, exit } = await amazonChat(["upstream"], { program });
    expect(exit).toBe(6);
    expect(err).toBe("amazon-chat: Too many[2J requests.\n");
    const more = (await amazonChat(["upstream", "-v"], { program })).err;
    for (const detail of ["rate_limit", "ThrottlingException", "req-1", "the wire"]) expect(more).toContain(detail);
    expect(more).not.toContain("    at ");
  });
});

describe.concurrent("signals", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} ends with ${code} and prints no failure`, async () => {
      const child = Bun.spawn([...program, "wait"], { stderr: "pipe", stdin: "ignore" });
      let err = "";
      for await (const piece of child.stderr) {
        err += new TextDecoder().decode(piece);
        if (err === "waiting\n") child.kill(signal);
      }
      expect(await child.exited).toBe(code);
      expect(err).toBe("waiting\n");
    });
  }
});

const shown = (line: string) => inTerminal(line, { program });

describe.concurrent("colour is decided for each stream", () => {
  test("on a terminal it is on, in a pipe beside a terminal it is off", async () => {
    expect(await shown('"$@" nonsense')).toContain("\x1b[31m");
    expect(await shown('"$@" nonsense 2>&1 | cat')).not.toContain("\x1b[");
    expect(await shown('"$@" --help')).toContain("\x1b[");
    expect(await shown('"$@" --help | cat')).not.toContain("\x1b[");
    expect(await shown('"$@" --help 2>/dev/null')).toContain("\x1b[");
  });

  test("NO_COLOR, TERM=dumb and --color never turn it off on a terminal", async () => {
    for (const prefix of ["NO_COLOR=1", "NO_COLOR=true", "TERM=dumb"]) {
      expect(await shown(`${prefix} "$@" nonsense`)).not.toContain("\x1b[");
    }
    expect(await shown('"$@" nonsense --color never')).not.toContain("\x1b[");
  });
});

describe.concurrent("bare amazon-chat", () => {
  test("on a terminal without any configuration it says how to begin, with one it shows help", async () => {
    expect(await inTerminal('"$@"')).toContain("Run: amazon-chat config set");
    expect(await inTerminal('OPENAI_API_KEY=sk-test "$@"')).toContain("EXAMPLES");
  });
});
