import { test } from "bun:test";

type Body = () => void | Promise<void>;

/**
 * A test that needs a program this machine may not have. `missing` says what is not there (undefined: nothing). Where
 * people work it is skipped under that reason; in CI, which installs everything, a missing program is a failure.
 */
export function testNeeding(missing: string | undefined, title: string, body: Body, timeout?: number): void {
  if (missing === undefined) test(title, body, timeout);
  else if (process.env["CI"] === "true")
    test(title, () => Promise.reject(new Error(`in CI nothing may be missing: ${missing}`)));
  else test.skip(`${title} (skipped: ${missing})`, body);
}
