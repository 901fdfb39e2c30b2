import type { Case } from "./junit.ts";

export type Summary = { passed: number; failed: number; skipped: number; skips: Case[]; mistakes: string[] };

/**
 * Sums a run up. A test file that the report does not name did not load, and a runner that ended badly without a
 * failed test crashed: both are failures, because a check that did not run has not passed.
 */
export function summarize(cases: readonly Case[], files: readonly string[], exit: number): Summary {
  const reported = new Set(cases.map((one) => one.file));
  const mistakes = files.filter((file) => !reported.has(file)).map((file) => `${file} did not run`);
  const failed = count(cases, "failed");
  if (cases.length === 0) mistakes.push("no test ran");
  if (exit !== 0 && failed === 0 && mistakes.length === 0)
    mistakes.push(`the test runner ended with exit code ${exit}`);
  return {
    passed: count(cases, "passed"),
    failed: failed + mistakes.length,
    skipped: count(cases, "skipped"),
    skips: cases.filter((one) => one.state === "skipped"),
    mistakes,
  };
}

function count(cases: readonly Case[], state: Case["state"]): number {
  return cases.filter((one) => one.state === state).length;
}

/** The last line of `bun run verify`. */
export function lastLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
