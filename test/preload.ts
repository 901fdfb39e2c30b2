/**
 * Loaded before each test file: what it and its children leave in the temporary folder goes when it is done, also when a
 * test has failed.
 */
import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const before = process.env["TMPDIR"];
const folder = mkdtempSync(join(tmpdir(), "amazon-chat-test-"));
process.env["TMPDIR"] = folder;

afterAll(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
