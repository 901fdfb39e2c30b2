/** Runs a program to its end and returns what it printed, without colours. `exit` is 127 when it could not be started. */
export async function capture(command: string[], cwd?: string): Promise<{ out: string; err: string; exit: number }> {
  try {
    const child = Bun.spawn(command, {
      stdout: "pipe",
      stderr: "pipe",
      stdin: "ignore",
      ...(cwd !== undefined && { cwd }),
    });
    const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
    const [out, err, exit] = await Promise.all([...texts, child.exited]);
    // oxlint colours in CI whatever NO_COLOR says.
    return { out: Bun.stripANSI(out), err: Bun.stripANSI(err), exit };
  } catch (error) {
    return { out: "", err: String(error), exit: 127 };
  }
}
