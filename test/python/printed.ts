import { expect } from "bun:test";

/** What a program writes to its stdout; it has to end with 0. */
export async function printedBy(command: string[], env: Record<string, string> = {}): Promise<string> {
  const child = Bun.spawn(command, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
  const [out, err, exit] = await Promise.all([...texts, child.exited]);
  expect(exit, err).toBe(0);
  return out;
}
