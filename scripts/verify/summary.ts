import type { Case } from "./junit.ts";

export type Summary = { passed: number; failed: number; skipped: number; skips: Case[]; failures: string[] };

/**
 * Sums a run up. A test file that the report does not name did not load, and a runner that ended badly without a
 * failed test crashed: both are failures, because a check that did not run has not passed. `broken` names what failed
 * beside the tests.
 */
export function summarize(
  cases: readonly Case[],
  files: readonly string[],
  exit: number,
  broken: readonly string[] = [],
): Summary {
  const reported = new Set(cases.map((one) => one.file));
  const failures = cases.filter((one) => one.state === "failed").map(({ file, title }) => `${file}: ${title}`);
  failures.push(...files.filter((file) => !reported.has(file)).map((file) => `${file} did not run`));
  if (cases.length === 0) failures.push("no test ran");
  if (exit !== 0 && failures.length === 0) failures.push(`the test runner ended with exit code ${exit}`);
  failures.push(...broken);
  return {
    passed: count(cases, "passed"),
    failed: failures.length,
    skipped: count(cases, "skipped"),
    skips: cases.filter((one) => one.state === "skipped"),
    failures,
  };
}

function count(cases: readonly Case[], state: Case["state"]): number {
  return cases.filter((one) => one.state === state).length;
}

/** The last line of `bun run verify`. */
export function lastLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

/**
 * The skipped tests as lines: those that share a file and a reason, `(skipped: why)` or `(no such thing)` in
 * their title, in one.
 */
export function skipLines(skips: readonly Case[]): string[] {
  const groups = new Map<string, Case[]>();
  for (const skip of skips) {
    const key = `${skip.file}: ${reasonOf(skip.title) ?? skip.title}`;
    groups.set(key, [...(groups.get(key) ?? []), skip]);
  }
  return [...groups].map(([key, group]) => {
    const [first] = group;
    if (group.length > 1) return `skipped: ${key} (${group.length} tests)`;
    return `skipped: ${first?.file}: ${first?.title}`;
  });
}

function reasonOf(title: string): string | undefined {
  const { why, lacking } = /\(skipped:? (?<why>[^)]+)\)|\((?<lacking>no [^)]+)\)/.exec(title)?.groups ?? {};
  return why ?? lacking;
}
