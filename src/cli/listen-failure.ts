import { CliError, exits } from "./failure.ts";

/** Why a port could not be opened, and what to do (cli.md 3.1). */
export function listenFailure(thrown: unknown, host: string, port: number): CliError {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
  if (code === "EADDRINUSE") {
    return new CliError({
      exit: exits.failed,
      message: `Port ${port} is in use by another program.`,
      hint: [`Try: amazon-chat serve --port ${port + 1}`],
      cause: thrown,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new CliError({
      exit: exits.failed,
      message: `Port ${port} may not be opened by this user.`,
      hint: ["Try a port above 1023: amazon-chat serve --port 8000"],
      cause: thrown,
    });
  }
  return new CliError({
    exit: exits.failed,
    message: `Cannot listen on ${host}:${port} (${code || "unknown error"}).`,
    hint: ["Check --host: it must be an address of this machine."],
    cause: thrown,
  });
}
