/**
 * Loaded before each test file. What it and its children leave in the temporary folder goes when it is done, also when a
 * test has failed. Properties draw the same cases each time, so that a change is judged and not luck; `FC_SEED=$RANDOM`
 * looks elsewhere.
 */
import { afterAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20_261_125) });

const before = process.env["TMPDIR"];
const folder = mkdtempSync(join(tmpdir(), "amazon-chat-test-"));
process.env["TMPDIR"] = folder;

afterAll(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
