import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tarGz, zip, type Packed } from "../../scripts/build/archive.ts";
import { root } from "../../scripts/build/compile.ts";
import { formula } from "../../scripts/build/formula.ts";
import { packageFolder } from "../../scripts/build/sbom.ts";
import { targets } from "../../scripts/build/targets.ts";
import { capture } from "../../scripts/capture.ts";
import { testNeeding } from "../needs.ts";

const program = '#!/bin/sh\necho "9.9.9"\n';
const files: Packed[] = [
  { name: "amazon-chat", bytes: Buffer.from(program), executable: true },
  { name: "LICENSE", bytes: Buffer.from("free\n".repeat(300)), executable: false },
];
const time = 1_700_000_000;
const missing = (name: string) => (Bun.which(name) === null ? `no ${name}` : undefined);

describe("archives", () => {
  testNeeding(
    missing("tar"),
    "tar opens what we pack, with modes, and the same input gives the same bytes",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "archive-"));
      writeFileSync(join(folder, "a.tar.gz"), tarGz(files, time));
      expect(await capture(["tar", "-xzf", "a.tar.gz"], folder)).toMatchObject({ exit: 0, err: "" });
      for (const { name, bytes } of files) expect(readFileSync(join(folder, name))).toEqual(Buffer.from(bytes));
      expect(statSync(join(folder, "amazon-chat")).mode & 0o777).toBe(0o755);
      expect(Bun.hash(tarGz(files, time))).toBe(Bun.hash(tarGz(files, time)));
    },
  );

  testNeeding(missing("python3"), "Python opens our zip and finds every sum right", async () => {
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    writeFileSync(join(folder, "a.zip"), zip(files, time));
    const script =
      "import zipfile; z = zipfile.ZipFile('a.zip'); print(z.testzip(), [(i.filename, i.file_size, i.date_time, oct(i.external_attr >> 16)) for i in z.infolist()])";
    const { out } = await capture(["python3", "-c", script], folder);
    expect(out.trim()).toBe(
      "None [('amazon-chat', 23, (2023, 11, 14, 22, 13, 20), '0o100755'), ('LICENSE', 1500, (2023, 11, 14, 22, 13, 20), '0o100644')]",
    );
  });
});

describe("install.sh", () => {
  /** A release of every target in a folder, with a program that prints its version. */
  function release(spoil: boolean): { env: Record<string, string>; installed: string } {
    const folder = mkdtempSync(join(tmpdir(), "release-"));
    const download = join(folder, "latest", "download");
    mkdirSync(download, { recursive: true });
    const sums = targets.map((target) => {
      const name = `amazon-chat-9.9.9-${target.name}.tar.gz`;
      const bytes = tarGz(files, time);
      writeFileSync(join(download, name), spoil ? Buffer.concat([bytes, Buffer.from("x")]) : bytes);
      return `${new Bun.CryptoHasher("sha256").update(bytes).digest("hex")}  ${name}`;
    });
    writeFileSync(join(download, "SHA256SUMS"), `${sums.join("\n")}\n`);
    const bin = join(folder, "bin");
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      AMAZON_CHAT_RELEASES: `file://${folder}`,
      AMAZON_CHAT_BIN: bin,
    };
    return { env, installed: join(bin, "amazon-chat") };
  }

  async function install(env: Record<string, string>): Promise<{ out: string; err: string; exit: number }> {
    const child = Bun.spawn(["sh", join(root, "scripts/install.sh")], {
      env,
      stdout: "pipe",
      stderr: "pipe",
      stdin: "ignore",
    });
    const [out, err, exit] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { out, err, exit };
  }

  testNeeding(missing("sh"), "installs a program that runs, also over an old one", async () => {
    const { env, installed } = release(false);
    mkdirSync(env["AMAZON_CHAT_BIN"] ?? "");
    writeFileSync(installed, "old");
    chmodSync(installed, 0o644);
    const { out, err, exit } = await install(env);
    expect(err).toBe("");
    expect(exit).toBe(0);
    expect(out).toContain("9.9.9");
    expect(readFileSync(installed, "utf8")).toBe(program);
  });

  testNeeding(missing("sh"), "installs nothing when the sum is wrong", async () => {
    const { env, installed } = release(true);
    const { err, exit } = await install(env);
    expect(exit).toBe(1);
    expect(err).toContain("is wrong");
    expect(await Bun.file(installed).exists()).toBe(false);
  });
});

test("the formula names a sum for every archive, and fails without one", async () => {
  const sums = targets.map((target, index) => `${String(index).repeat(64)}  amazon-chat-9.9.9-${target.name}.tar.gz`);
  const text = await formula("9.9.9", sums);
  expect(text).not.toContain("{{");
  expect(text).toContain('version "9.9.9"');
  expect(text.match(/sha256 "\d{64}"/g)?.length).toBe(4);
  await expect(formula("9.9.9", [])).rejects.toThrow("no sum for");
});

test("a bundled file belongs to the innermost package", () => {
  expect(packageFolder("node_modules/citty/dist/index.mjs")).toBe("node_modules/citty");
  expect(packageFolder("node_modules/@aws-sdk/core/node_modules/@smithy/x/a.js")).toBe(
    "node_modules/@aws-sdk/core/node_modules/@smithy/x",
  );
  expect(packageFolder("src/main.ts")).toBeUndefined();
});
