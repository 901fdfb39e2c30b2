/** Every block of the README that says it is runnable is run as it stands, against `serve --demo`. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testNeeding } from "../needs.ts";
import { pythonWith } from "../python/interpreter.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { blocks, root } from "./blocks.ts";

const home = mkdtempSync(join(tmpdir(), "readme-"));
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway("http://127.0.0.1:9", { args: ["--demo"] });
  const program = join(home, "amazon-chat");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" --no-env-file "${join(root, "src/main.ts")}" "$@"\n`);
  chmodSync(program, 0o755);
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
});
afterAll(async () => {
  await gateway.stop();
  rmSync(home, { recursive: true });
});

const withClient = pythonWith("openai");
const plain = pythonWith("json");
const runnable = blocks.filter(({ info }) => info.startsWith("runnable"));

async function run(language: string, text: string): Promise<string> {
  const code = text.replaceAll("http://127.0.0.1:8000", gateway.url);
  const file = join(home, `block.${language === "js" ? "mjs" : language}`);
  writeFileSync(file, code);
  const program = { sh: ["bash", "-eu"], python: [withClient.path ?? plain.path ?? ""], js: [process.execPath] }[
    language
  ];
  if (program === undefined) throw new Error(`nothing runs ${language}`);
  const child = Bun.spawn([...program, file], {
    cwd: home,
    env: { PATH: `${home}:${process.env["PATH"] ?? ""}`, HOME: home },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exit] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect(exit, err).toBe(0);
  return out;
}

describe("README", () => {
  test("has blocks that run, and each says what it shows", () => {
    expect(runnable.length).toBeGreaterThan(10);
    for (const { info, line } of runnable) expect(info, `line ${line}`).toMatch(/^runnable shows=".+"$/);
  });

  for (const { language, info, text, line } of runnable) {
    const missing = language !== "python" ? undefined : (text.includes("openai") ? withClient : plain).missing;
    testNeeding(missing, `line ${line}: ${language} shows ${info.slice("runnable shows=".length)}`, async () => {
      expect(await run(language, text)).toContain(info.slice('runnable shows="'.length, -1));
    });
  }
});
