import { beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import { amazonChat } from "../cli/spawn.ts";
import { binary } from "./program.ts";

let program: string[];
beforeAll(async () => {
  program = [await binary()];
}, 60_000);

describe("the compiled program", () => {
  test("names its version, commit and platform", async () => {
    const { out, exit } = await amazonChat(["version", "--json"], { program });
    expect(exit).toBe(0);
    const facts = JSON.parse(out);
    expect(facts).toMatchObject({ version, bun: Bun.version, platform: `${process.platform}-${process.arch}` });
    expect(facts.commit).toMatch(/^(?:[0-9a-f]{7,40}|unknown)$/);
  });

  test("answers what was typed wrong as the source does", async () => {
    for (const args of [["sevre"], ["serve", "--prot", "1"], ["version", "--jsno"], ["constructor"]]) {
      const [compiled, source] = await Promise.all([amazonChat(args, { program }), amazonChat(args)]);
      expect(compiled).toEqual(source);
      expect(compiled.exit).toBe(2);
    }
  });

  test("prints help without colour into a pipe, and every command can be loaded", async () => {
    const { out } = await amazonChat(["--help"], { program });
    expect(out).toContain("EXAMPLES");
    expect(out).not.toContain("\x1b");
    const commands = [...out.slice(out.indexOf("COMMANDS")).matchAll(/^ +([a-z-]+)(?:,.*?)? {2,}\S/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(commands).toContain("serve");
    for (const command of commands) {
      const help = await amazonChat([command, "--help"], { program });
      expect(help.err).toBe("");
      expect(help.out).toContain(`USAGE amazon-chat ${command}`);
    }
  });

  test("a hostile directory changes nothing: no preload, no .env of the runtime", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "hostile-"));
    writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
    writeFileSync(join(cwd, "preload.ts"), 'console.log("PRELOAD RAN"); process.exit(99);\n');
    for (const name of [".env", ".env.local", ".env.production"])
      writeFileSync(join(cwd, name), "FORCE_COLOR=1\nNO_COLOR=\n");
    writeFileSync(join(cwd, "package.json"), '{"name":"x","version":"9.9.9"}');
    writeFileSync(join(cwd, "tsconfig.json"), "{ not json");
    expect(await amazonChat(["--version"], { program, cwd })).toEqual({ out: `${version}\n`, err: "", exit: 0 });
    expect((await amazonChat(["nonsense"], { program, cwd })).err).not.toContain("\x1b");
  });

  test("a reader that goes away is no error", async () => {
    const command = `"$@" --help | head -n 1; echo "exit \${PIPESTATUS[0]}"`;
    const { out, err } = await amazonChat([], { program: ["bash", "-c", command, "bash", ...program] });
    expect(out.trim().split("\n").at(-1)).toBe("exit 0");
    expect(err).toBe("");
  });
});
