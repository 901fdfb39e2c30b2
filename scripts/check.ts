/**
 * The one check command, here and in CI: format, lint, types, unused code. All of them run even when one fails, and
 * each failing one prints its own output.
 */
import { capture } from "./capture.ts";

const checks = [
  {
    name: "format",
    command: [process.execPath, "fmt", "--check", "--no-script", "src", "test", "scripts"],
    remedy: "bun run format",
  },
  {
    name: "lint",
    command: bin(
      "oxlint",
      "--type-aware",
      "--deny-warnings",
      "--report-unused-disable-directives",
      "src",
      "test",
      "scripts",
    ),
  },
  { name: "types", command: bin("tsc", "--noEmit") },
  { name: "unused", command: bin("knip", "--no-progress") },
];

function bin(name: string, ...args: string[]): string[] {
  return [process.execPath, "x", "--no-install", name, ...args];
}

const started = performance.now();
const failed = (await Promise.all(checks.map(check))).filter((name) => name !== undefined);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  failed.length === 0 ? `check: all passed in ${seconds} s` : `check: failed: ${failed.join(", ")} (${seconds} s)`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function check({ name, command, remedy }: (typeof checks)[number]): Promise<string | undefined> {
  const { out, err, exit } = await capture(command);
  console.log(`${exit === 0 ? "ok    " : "FAILED"} ${name}`);
  if (exit === 0) return undefined;
  console.log(`${out}${err}`.trimEnd().replace(/^/gm, "  "));
  if (remedy !== undefined) console.log(`  Try: ${remedy}`);
  return name;
}
