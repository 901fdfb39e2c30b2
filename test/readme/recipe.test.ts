/** Follows the README's "Adding a dialect" in a copy of this repository, and runs what comes out. */
import { afterAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "../traffic/gateway.ts";
import { blocks, root } from "./blocks.ts";

const copy = mkdtempSync(join(tmpdir(), "recipe-"));
afterAll(() => rmSync(copy, { recursive: true }));
const toy = join(import.meta.dir, "toy");

/** Replaces what stands behind `-` by what stands behind `+`; the old text must be there exactly once. */
function apply(file: string, diff: string): void {
  const side = (mark: string): string =>
    diff
      .split("\n")
      .filter((line) => line.startsWith(mark))
      .map((line) => line.slice(1))
      .join("\n");
  const path = join(copy, file);
  const before = readFileSync(path, "utf8");
  expect(before.split(side("-")).length, `${file} holds once: ${side("-")}`).toBe(2);
  writeFileSync(
    path,
    before.replace(side("-"), () => side("+")),
  );
}

async function run(command: string[]): Promise<{ text: string; exit: number }> {
  const child = Bun.spawn(command, { cwd: copy, stdout: "pipe", stderr: "pipe" });
  const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
  const [out, err, exit] = await Promise.all([...texts, child.exited]);
  return { text: out + err, exit };
}

test("adding a dialect is what the README says", async () => {
  for (const part of ["src", "test", "scripts", "package.json", "tsconfig.json", "bunfig.toml"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

  // 1. The folder. Its imports are written for where the toy lies here.
  mkdirSync(join(copy, "src/dialects/toy"));
  const source = readFileSync(join(toy, "dialect.ts"), "utf8")
    .replaceAll("../../../src/dialects/", "../")
    .replaceAll("../../../src/core/", "../../core/");
  writeFileSync(join(copy, "src/dialects/toy/index.ts"), source);
  // 2 and 3. The lines that the README shows.
  const edits = blocks.filter(({ language }) => language === "diff");
  expect(edits.length).toBe(4);
  for (const { info, text } of edits) apply(info.replace("file=", ""), text);
  // 4. Fixtures, and the two rows of the suite.
  cpSync(join(toy, "fixtures"), join(copy, "test/fixtures/toy"), { recursive: true });
  const before = { row: "  bedrock_converse: {\n    model:", probe: "  bedrock_converse: {\n    id:" };
  for (const [file, old, added] of [
    ["test/dialects/conformance.test.ts", before.row, "conformance-row.txt"],
    ["test/dialects/probes.ts", before.probe, "probe.txt"],
  ] as const) {
    const path = join(copy, file);
    const text = readFileSync(path, "utf8");
    expect(text).toContain(old);
    writeFileSync(
      path,
      text.replace(old, () => readFileSync(join(toy, added), "utf8") + old),
    );
  }

  const types = await run([process.execPath, "x", "--no-install", "tsc", "--noEmit"]);
  expect(types.text).not.toContain("src/dialects/toy");
  const suite = await run([process.execPath, "test", "test/dialects/conformance.test.ts", "-t", "toy"]);
  expect(suite.exit, suite.text).toBe(0);
  expect(suite.text).toContain("no end without an end");

  const gateway = await startGateway("http://127.0.0.1:9", {
    args: ["--demo"],
    command: [process.execPath, join(copy, "src/main.ts")],
  });
  try {
    const ask = (body: object, target: string): Promise<Response> =>
      fetch(`${gateway.url}/v1/chat/completions?target_format=${target}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "demo-echo", ...body }),
      });
    expect(await (await ask({ toy: "Hello" }, "toy")).json()).toEqual({ toy: "Hello", why: "stop" });
    expect(await (await ask({ toy: "Hello", stream: true }, "toy")).text()).toEndWith('data: {"why":"stop"}\n\n');
    const openai = await (await ask({ toy: "Hello" }, "openai")).json();
    expect(openai).toMatchObject({ choices: [{ message: { content: "Hello" } }] });
    const claude = { anthropic_version: "x", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };
    expect(await (await ask(claude, "toy")).json()).toEqual({ toy: "Hi", why: "stop" });
  } finally {
    await gateway.stop();
  }
}, 60_000);
