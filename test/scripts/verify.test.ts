import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJunit, type Case } from "../../scripts/verify/junit.ts";
import { lastLine, skipLines, summarize } from "../../scripts/verify/summary.ts";

const passed: Case = { file: "test/a.test.ts", title: "a", state: "passed" };

describe("what bun test says", () => {
  test("is read as it is: groups, entities, failures, skips, a crashed worker", async () => {
    const folder = mkdtempSync(join(tmpdir(), "verify-"));
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(
      join(folder, "a.test.ts"),
      `import { describe, expect, test } from "bun:test";
       describe("a <group> & more", () => {
         test("passes > \\"all\\"", () => {});
         test("fails", () => expect(1).toBe(2));
         test.skip("waits (skipped: no moon)", () => {});
       });`,
    );
    writeFileSync(
      join(folder, "b.test.ts"),
      `require("bun:test").test("dies", () => process.kill(process.pid, "SIGKILL"));`,
    );
    writeFileSync(join(folder, "c.test.ts"), `import "./absent.ts";`);
    const report = join(folder, "report.xml");
    const command = [process.execPath, "test", "--parallel=2", "--reporter=junit", `--reporter-outfile=${report}`];
    const child = Bun.spawn(command, { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
    const exit = await child.exited;
    const cases = readJunit(readFileSync(report, "utf8"));
    expect(cases.map(({ file, title, state }) => `${file}: ${title}: ${state}`).sort()).toEqual([
      "a.test.ts: a <group> & more > fails: failed",
      'a.test.ts: a <group> & more > passes > "all": passed',
      "a.test.ts: a <group> & more > waits (skipped: no moon): skipped",
      "b.test.ts: (worker crashed): failed",
    ]);
    const summary = summarize(cases, ["a.test.ts", "b.test.ts", "c.test.ts"], exit);
    expect(summary.failures.at(-1)).toBe("c.test.ts did not run");
    expect(lastLine(summary)).toBe("1 passed, 3 failed, 1 skipped");
  });
});

describe("the sum", () => {
  test("names skips only when there are some", () => {
    expect(lastLine(summarize([passed], [passed.file], 0))).toBe("1 passed, 0 failed");
  });

  test("no test at all, a file that did not load, and a runner that crashed are failures", () => {
    expect(summarize([], [], 0).failed).toBe(1);
    expect(summarize([passed], [passed.file, "test/b.test.ts"], 1).failures).toEqual(["test/b.test.ts did not run"]);
    expect(summarize([passed], [passed.file], 139).failures).toEqual(["the test runner ended with exit code 139"]);
  });

  test("what failed beside the tests counts too", () => {
    expect(lastLine(summarize([passed], [passed.file], 0, ["the check"]))).toBe("1 passed, 1 failed");
  });

  test("skipped tests of one file and reason are one line", () => {
    const skip = (file: string, title: string): Case => ({ file, title, state: "skipped" });
    const skips = [
      skip("a", "g (skipped: no moon) > x"),
      skip("a", "g (skipped: no moon) > y"),
      skip("b", "z (skipped: rain)"),
    ];
    expect(skipLines(skips)).toEqual(["skipped: a: no moon (2 tests)", "skipped: b: z (skipped: rain)"]);
  });
});
