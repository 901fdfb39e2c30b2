/**
 * Builds the binary, runs every test and says what came out. Its last line is `N passed, N failed` or
 * `N passed, N failed, N skipped`; the exit code is 0 only when nothing failed.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compile, root } from "./build/compile.ts";
import { programFile } from "./build/targets.ts";
import { readJunit } from "./verify/junit.ts";
import { lastLine, summarize } from "./verify/summary.ts";

const report = join(root, "dist", "junit.xml");
const binary = join(root, "dist", "verify", programFile(undefined));

mkdirSync(join(root, "dist"), { recursive: true });
// A report of an earlier run must not be read as this one's.
rmSync(report, { force: true });
const built = await compile({ outfile: binary }).then(
  () => undefined,
  (error: unknown) => String(error),
);
if (built !== undefined) console.log(built);

const files = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: root })];
const args = ["test", "--parallel", "--only-failures", "--reporter=junit", `--reporter-outfile=${report}`];
const runner = Bun.spawn([process.execPath, ...args], {
  cwd: root,
  env: { ...process.env, ...(built === undefined && { AMAZON_CHAT_BINARY: binary }) },
  stdio: ["ignore", "inherit", "inherit"],
});
const exit = await runner.exited;
const xml = (await Bun.file(report).exists()) ? await Bun.file(report).text() : "";
const summary = summarize(readJunit(xml), files, exit);
if (built !== undefined) {
  summary.failed++;
  summary.mistakes.push("the binary did not build");
}

console.log("");
for (const { file, title } of summary.skips) console.log(`skipped: ${file}: ${title}`);
for (const mistake of summary.mistakes) console.log(`failed: ${mistake}`);
process.exitCode = summary.failed === 0 ? 0 : 1;
console.log(lastLine(summary));
