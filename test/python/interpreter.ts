import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
/** `.ci/run` makes it; to have it elsewhere: see CONTRIBUTING.md. */
const venv = join(root, ".cache", "python");

export type Python = { path: string; missing: undefined } | { path: undefined; missing: string };

/** A Python that can import these modules, or what is missing. */
export function pythonWith(...modules: string[]): Python {
  const candidates = [process.env["TEST_PYTHON"], join(venv, "bin", "python"), Bun.which("python3")];
  for (const path of candidates) {
    if (path === undefined || path === null || path === "" || !existsSync(path)) continue;
    const child = Bun.spawnSync([path, "-c", modules.map((name) => `import ${name}`).join("\n")], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    if (child.exitCode === 0) return { path, missing: undefined };
  }
  return { path: undefined, missing: `no Python with ${modules.join(", ")}` };
}

/** A program of that virtual environment (`moto_server`, `llm`), or what is missing. */
export function pythonProgram(name: string): Python {
  const path = [join(venv, "bin", name), Bun.which(name)].find((one) => one !== null && existsSync(one));
  return path === undefined || path === null
    ? { path: undefined, missing: `no ${name}` }
    : { path, missing: undefined };
}
