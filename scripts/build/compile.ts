import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { capture } from "../capture.ts";

export const root = join(import.meta.dir, "../..");

/**
 * The flags of every binary. Start of `--version`, median of 21 runs on Linux x64: plain 59 ms, minified 52,
 * with bytecode 16, with splitting too 11; what loads the AWS SDK 69, 63, 22 and 18.
 */
const flags = [
  "--compile",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--splitting",
  // A binary must not obey a .env or the preload of a bunfig.toml that lies where it is started.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  // A computed import() would fail at the user's, not here.
  "--reject-unresolved",
];

type Options = {
  outfile: string;
  /** Bun's name of another system; this one when absent. */
  target?: string;
  /** Where to write what went into the bundle. */
  metafile?: string;
};

/** Compiles src/main.ts into one executable. Throws with the bundler's own words when it does not build. */
export async function compile({ outfile, target, metafile }: Options): Promise<void> {
  mkdirSync(dirname(outfile), { recursive: true });
  const command = [process.execPath, "build", "src/main.ts", ...flags, `--outfile=${outfile}`];
  command.push(`--define=AMAZON_CHAT_COMMIT=${JSON.stringify(await commit())}`);
  if (target !== undefined) command.push(`--target=${target}`);
  if (metafile !== undefined) command.push(`--metafile=${metafile}`);
  const { out, err, exit } = await capture(command, root);
  if (exit !== 0) throw new Error(`bun build failed for ${target ?? "this system"}:\n${out}${err}`);
}

/** The commit the binary names: from git, else from GIT_COMMIT (a Docker build has no .git), else "unknown". */
async function commit(): Promise<string> {
  const given = process.env["GIT_COMMIT"];
  if (given !== undefined && given !== "") return given;
  return (await git("rev-parse", "--short=12", "HEAD")) ?? "unknown";
}

/** When the commit was made, in seconds; what is packed says so, and the same commit packs to the same bytes. */
export async function commitTime(): Promise<number> {
  return Number((await git("log", "-1", "--format=%ct")) ?? 0);
}

async function git(...args: string[]): Promise<string | undefined> {
  const { out, exit } = await capture(["git", ...args], root);
  return exit === 0 && out.trim() !== "" ? out.trim() : undefined;
}
