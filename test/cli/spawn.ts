import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
/** Without Bun's own reading of .env files, like the compiled program. */
export const fromSource = [process.execPath, "--no-env-file", join(root, "src/main.ts")];

export type Ended = { out: string; err: string; exit: number };
type Options = { program?: string[]; env?: Record<string, string>; stdin?: string; cwd?: string };

/** Runs the program with a clean environment and no terminal, to its end. */
export async function amazonChat(args: string[], options: Options = {}): Promise<Ended> {
  const { program = fromSource, env = {}, stdin = "", cwd = root } = options;
  const child = Bun.spawn([...program, ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env },
    stdin: new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
  const [out, err, exit] = await Promise.all([...texts, child.exited]);
  return { out, err, exit };
}

/** Runs a shell line in a terminal of its own, `"$@"` being the program; what it showed, with the colours. */
export async function inTerminal(line: string, { program = fromSource, env = {} }: Options = {}): Promise<string> {
  let shown = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn(["bash", "-c", line, "bash", ...program], {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", TERM: "xterm-256color", ...env },
    terminal: { cols: 100, rows: 30, data: (_, bytes) => void (shown += decoder.decode(bytes, { stream: true })) },
  });
  await child.exited;
  return shown;
}
