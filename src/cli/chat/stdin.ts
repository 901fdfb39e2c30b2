import { fstatSync } from "node:fs";
import type { Terminal } from "../terminal.ts";

const patienceMs = 3_000;

/**
 * True when something may come from standard input: a pipe, a socket (what Node and Bun give their children) or a file.
 * A character device is a terminal, /dev/null or a closed stdin (cli.md 3.2).
 */
export function stdinHasData(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket() || stat.isFile();
  } catch {
    return false;
  }
}

/** All of standard input. When nothing comes for 3 s a hint says what is waited for, once. */
export async function readStdin(terminal: Terminal, signal: AbortSignal): Promise<Uint8Array> {
  const hint = setTimeout(() => {
    void terminal.err.line("Waiting for input on stdin… (use --no-stdin or </dev/null to skip)");
  }, patienceMs);
  const pieces: Uint8Array[] = [];
  const reader = Bun.stdin.stream().getReader();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("Interrupted", "AbortError")), { once: true });
  });
  // Nobody may be waiting when it comes.
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      clearTimeout(hint);
      if (done) return Buffer.concat(pieces);
      pieces.push(value);
    }
  } finally {
    clearTimeout(hint);
  }
}
