import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile, root } from "../../scripts/build/compile.ts";
import { programFile } from "../../scripts/build/targets.ts";

const folder = join(root, "dist", "test");

/**
 * The path of the compiled program. `bun run verify` builds it once and names it in AMAZON_CHAT_BINARY; a test that is
 * run by itself builds it here, once for all test files that run at the same time.
 */
export async function binary(): Promise<string> {
  const given = process.env["AMAZON_CHAT_BINARY"];
  if (given !== undefined && given !== "") return given;
  const file = join(folder, programFile(undefined));
  const lock = join(folder, "lock");
  mkdirSync(folder, { recursive: true });
  while (!tryLock(lock)) await Bun.sleep(50);
  try {
    if (!isFresh(file)) await compile({ outfile: file });
  } finally {
    rmSync(lock, { recursive: true });
  }
  return file;
}

function tryLock(lock: string): boolean {
  // Whoever held it for a minute was killed.
  if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 60_000) rmSync(lock, { recursive: true, force: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** As `make` would see it: newer than everything it is made of. */
function isFresh(file: string): boolean {
  if (!existsSync(file)) return false;
  const built = statSync(file).mtimeMs;
  const sources = [
    ...new Bun.Glob("src/**/*.{ts,js,css,html,svg,txt}").scanSync({ cwd: root }),
    "package.json",
    "bun.lock",
  ];
  return sources.every((source) => statSync(join(root, source)).mtimeMs < built);
}
