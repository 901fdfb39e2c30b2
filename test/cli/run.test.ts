import { describe, expect, test } from "bun:test";
import { version } from "../../package.json";
import { program } from "../../src/cli/registry.ts";
import { globalFlags } from "../../src/cli/global-flags.ts";
import type { Command, Commands } from "../../src/cli/command.ts";
import { amazonChat } from "./spawn.ts";

describe.concurrent("what is typed wrong ends with 2 and says what to type", () => {
  const mistakes: [string, string, string][] = [
    ["sevre", 'Unknown command "sevre".', "Did you mean amazon-chat serve?"],
    ["constructor", 'Unknown command "constructor".', "Try: amazon-chat --help"],
    ["toString", 'Unknown command "toString".', "Try: amazon-chat --help"],
    ["version --jsno", "Unknown option --jsno.", "Did you mean --json?"],
    ["version extra", 'Unexpected argument "extra".', "Try: amazon-chat version --help"],
    ["--bogus version", "Unknown option --bogus.", "Try: amazon-chat --help"],
    ["--color sometimes version", "--color must be one of auto, always, never", "Try: amazon-chat version --help"],
    ["version --region", "--region needs a value.", "Try: amazon-chat version --help"],
  ];
  for (const [typed, message, next] of mistakes) {
    test(typed, async () => {
      const { out, err, exit } = await amazonChat(typed.split(" "));
      expect(exit).toBe(2);
      expect(out).toBe("");
      expect(err).toContain(`amazon-chat: ${message}`);
      expect(err).toContain(next);
      expect(err.trimEnd().split("\n").length).toBeLessThanOrEqual(4);
    });
  }

  test("with --json the error is JSON on stdout too", async () => {
    const { out, err, exit } = await amazonChat(["version", "--json", "--bogus"]);
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: {
        type: "usage",
        code: null,
        status: null,
        message: "Unknown option --bogus.",
        hint: "Try: amazon-chat version --help",
      },
    });
    expect(err).toContain("Unknown option --bogus.");
  });
});

describe.concurrent("help and version", () => {
  test("bare, -h and --help: examples first, on stdout, without colour in a pipe", async () => {
    for (const args of [[], ["-h"], ["--help"], ["--no-input", "--help"]]) {
      const { out, err, exit } = await amazonChat(args);
      expect(exit).toBe(0);
      expect(err).toBe("");
      expect(out).not.toContain("\x1b");
      expect(out.indexOf("EXAMPLES")).toBeLessThan(out.indexOf("USAGE"));
      for (const name of Object.keys(program.commands)) expect(out).toContain(`  ${name}`);
    }
  });

  test("help COMMAND is COMMAND --help", async () => {
    expect(await amazonChat(["help", "version"])).toEqual(await amazonChat(["version", "--help"]));
    expect(await amazonChat(["help"])).toEqual(await amazonChat(["--help"]));
    expect((await amazonChat(["help", "sevre"])).exit).toBe(2);
  });

  test("--help beats what else is there, and -- ends it", async () => {
    expect((await amazonChat(["version", "--help", "extra"])).out).toContain("USAGE amazon-chat version");
    expect((await amazonChat(["version", "--", "--help"])).exit).toBe(2);
  });

  test("--version, -V and version --json", async () => {
    for (const args of [["--version"], ["-V"], ["version", "-V"]]) {
      expect(await amazonChat(args)).toEqual({ out: `${version}\n`, err: "", exit: 0 });
    }
    const { out } = await amazonChat(["version", "--json", "--config", "/tmp/config.env"]);
    const platform = `${process.platform}-${process.arch}`;
    const facts = { version, commit: "source", bun: Bun.version, platform, config: "/tmp/config.env" };
    expect(JSON.parse(out)).toEqual(facts);
  });

  test("global flags stand before and after the command", async () => {
    for (const args of [
      ["--region", "eu-west-1", "version"],
      ["version", "--region", "eu-west-1"],
      ["-q", "version", "-v"],
    ]) {
      expect((await amazonChat(args)).exit).toBe(0);
    }
  });

  test("colour: the flag beats the environment, the environment beats the look at the stream", async () => {
    const colored = async (args: string[], env: Record<string, string>) =>
      (await amazonChat(args, { env })).err.includes("\x1b[");
    expect(await colored(["nonsense"], {})).toBe(false);
    expect(await colored(["nonsense"], { FORCE_COLOR: "1" })).toBe(true);
    for (const NO_COLOR of ["1", "true"])
      expect(await colored(["nonsense"], { FORCE_COLOR: "1", NO_COLOR })).toBe(false);
    expect(await colored(["version", "--color=always", "extra"], { NO_COLOR: "1" })).toBe(true);
    expect(await colored(["version", "--no-color", "extra"], { FORCE_COLOR: "1" })).toBe(false);
  });
});

test("every command keeps the house rules of a command", async () => {
  const all = await everyCommand(program.commands);
  expect(all.length).toBeGreaterThan(1);
  const taken = new Set<string>(globalFlags.flatMap((flag) => [flag.name, ...("short" in flag ? [flag.short] : [])]));
  for (const command of all) {
    expect(command.examples.length, command.name).toBeGreaterThan(0);
    expect(command.examples.length, command.name).toBeLessThanOrEqual(4);
    const names = command.flags.flatMap((flag) => [
      flag.name,
      ...(flag.aliases ?? []),
      ...(flag.short === undefined ? [] : [flag.short]),
    ]);
    expect(new Set(names).size, `${command.name} names a flag twice`).toBe(names.length);
    expect(
      names.filter((name) => taken.has(name)),
      `${command.name} hides a global flag`,
    ).toEqual([]);
    for (const flag of command.flags)
      expect(flag.description, `${command.name} --${flag.name}`).toMatch(/^[^.].*[^.]$/);
  }
});

/** Commands that go on until they are told to stop. */
const lasting = new Set(["serve"]);

test("no command waits for ever where there is no terminal and no input", async () => {
  const paths = await everyPath(program.commands);
  const waiting = paths.filter(([first]) => first !== undefined && !lasting.has(first));
  const ended = await Promise.all(
    waiting.map(async (path) => {
      const late = Bun.sleep(8_000).then(() => `${path.join(" ")} still runs`);
      return await Promise.race([amazonChat(path, { env: { OPENAI_BASE_URL: "http://127.0.0.1:1" } }), late]);
    }),
  );
  expect(ended.filter((one) => typeof one === "string")).toEqual([]);
});

test("every command has help, and refuses what it does not know", async () => {
  for (const path of await everyPath(program.commands)) {
    const [help, wrong] = await Promise.all([amazonChat([...path, "--help"]), amazonChat([...path, "--bogus"])]);
    expect(help.out).toContain(`USAGE amazon-chat ${path.join(" ")}`);
    expect({ path, exit: wrong.exit, out: wrong.out }).toEqual({ path, exit: 2, out: "" });
  }
});

async function everyPath(commands: Commands, before: string[] = []): Promise<string[][]> {
  const paths: string[][] = [];
  for (const [name, entry] of Object.entries(commands)) {
    const node = await entry.load();
    const path = [...before, name];
    if ("commands" in node) paths.push(...(await everyPath(node.commands, path)));
    else paths.push(path);
  }
  return paths;
}

async function everyCommand(commands: Commands): Promise<Command[]> {
  const nodes = await Promise.all(Object.values(commands).map((entry) => entry.load()));
  return (await Promise.all(nodes.map((node) => ("commands" in node ? everyCommand(node.commands) : [node])))).flat();
}
