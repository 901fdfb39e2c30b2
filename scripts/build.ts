/**
 * `bun run build` compiles dist/amazon-chat for this system, or what `--target` and `--outfile` say. `bun run build --all` makes a release under dist/release:
 * an archive for every target, SHA256SUMS and a bill of materials.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { version } from "../package.json";
import { tarGz, zip, type Packed } from "./build/archive.ts";
import { commitTime, compile, root } from "./build/compile.ts";
import { formula } from "./build/formula.ts";
import { withRepository } from "./build/repository.ts";
import { sbom } from "./build/sbom.ts";
import { programFile, targets, type Target } from "./build/targets.ts";

const dist = join(root, "dist");
const release = join(dist, "release");
const { values } = parseArgs({
  options: { all: { type: "boolean", default: false }, target: { type: "string" }, outfile: { type: "string" } },
});

if (values.all) await buildAll();
else await buildOne();

async function buildOne(): Promise<void> {
  const outfile = values.outfile ?? join(dist, programFile(undefined));
  await compile({ outfile, ...(values.target !== undefined && { target: values.target }) });
  console.log(`${relative(root, outfile)}  ${megabytes(Bun.file(outfile).size)}`);
}

async function buildAll(): Promise<void> {
  rmSync(release, { recursive: true, force: true });
  mkdirSync(release, { recursive: true });
  const time = await commitTime();
  const sums: string[] = [];
  const rows: { target: string; binary: string; archive: string }[] = [];
  for (const target of targets) {
    const { name, bytes, binarySize } = await pack(target, time);
    await Bun.write(join(release, name), bytes);
    sums.push(`${sha256(bytes)}  ${name}`);
    rows.push({ target: target.name, binary: megabytes(binarySize), archive: megabytes(bytes.length) });
  }
  const bill = await sbom(join(dist, "metafile.json"), time);
  const billName = `amazon-chat-${version}.cdx.json`;
  await Bun.write(join(release, billName), bill);
  sums.push(`${sha256(Buffer.from(bill))}  ${billName}`);
  await Bun.write(join(release, "amazon-chat.rb"), await formula(version, sums));
  const installer = await Bun.file(join(root, "scripts/install.sh")).text();
  await Bun.write(join(release, "install.sh"), withRepository(installer));
  await Bun.write(join(release, "SHA256SUMS"), `${sums.join("\n")}\n`);
  console.table(rows);
  console.log(`dist/release: ${targets.length} archives, SHA256SUMS, ${billName}, install.sh, amazon-chat.rb`);
}

async function pack(target: Target, time: number): Promise<{ name: string; bytes: Uint8Array; binarySize: number }> {
  const file = programFile(target);
  const outfile = join(dist, target.name, file);
  await compile({ outfile, target: target.bun, metafile: join(dist, "metafile.json") });
  const program = await Bun.file(outfile).bytes();
  const files: Packed[] = [{ name: file, bytes: program, executable: true }];
  for (const name of ["LICENSE", "README.md", "CHANGELOG.md"]) {
    files.push({ name, bytes: await Bun.file(join(root, name)).bytes(), executable: false });
  }
  const bytes = target.pack === "zip" ? zip(files, time) : tarGz(files, time);
  return { name: `amazon-chat-${version}-${target.name}.${target.pack}`, bytes, binarySize: program.length };
}

function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
