/** Runs a program to its end and returns what it printed, without colours. `exit` is 127 when it could not be started. */
export async function capture(command: string[], cwd?: string): Promise<{ out: string; err: string; exit: number }> {
  try {
    const child = Bun.spawn(command, {
      stdout: "pipe",
      stderr: "pipe",
      stdin: "ignore",
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      ...(cwd !== undefined && { cwd }),
    });
    const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
    const [out, err, exit] = await Promise.all([...texts, child.exited]);
    return { out, err, exit };
  } catch (error) {
    return { out: "", err: String(error), exit: 127 };
  }
}
