/**
 * Runs the check, builds the binary, runs every test and says what came out. Its last line is `N passed, N failed` or
 * `N passed, N failed, N skipped`; the exit code is 0 only when nothing failed.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compile, root } from "./build/compile.ts";
import { programFile } from "./build/targets.ts";
import { readJunit } from "./verify/junit.ts";
import { lastLine, skipLines, summarize } from "./verify/summary.ts";

const report = join(root, "dist", "junit.xml");
const binary = join(root, "dist", "verify", programFile(undefined));

mkdirSync(join(root, "dist"), { recursive: true });
// A report of an earlier run must not be read as this one's.
rmSync(report, { force: true });
const broken: string[] = [];
// A failed check does not hide what the tests say, nor the other way round.
const check = Bun.spawn([process.execPath, "scripts/check.ts"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
if ((await check.exited) !== 0) broken.push("the check");
const built = await compile({ outfile: binary }).then(
  () => true,
  (error: unknown) => console.log(String(error)),
);
if (built !== true) broken.push("the build of the binary");

const files = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: root })];
// Bun 1.4.5 does not read the timeout of bunfig.toml, and a busy machine needs more than its own five seconds.
const args = [
  "test",
  "--parallel",
  "--timeout=30000",
  "--only-failures",
  "--reporter=junit",
  `--reporter-outfile=${report}`,
];
const runner = Bun.spawn([process.execPath, ...args], {
  cwd: root,
  env: { ...process.env, ...(built === true && { AMAZON_CHAT_BINARY: binary }) },
  stdio: ["ignore", "inherit", "inherit"],
  // Each test has its own deadline; this one is for a runner that hangs.
  timeout: 12 * 60_000,
});
const exit = await runner.exited;
const xml = (await Bun.file(report).exists()) ? await Bun.file(report).text() : "";
const summary = summarize(readJunit(xml), files, exit, broken);

console.log("");
for (const line of skipLines(summary.skips)) console.log(line);
for (const failure of summary.failures) console.log(`failed: ${failure}`);
process.exitCode = summary.failed === 0 ? 0 : 1;
console.log(lastLine(summary));
