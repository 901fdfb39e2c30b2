import { GatewayError } from "../core/error.ts";
import { CliError, exitOf, exits, isExpected } from "./failure.ts";
import { plain, type Terminal } from "./terminal.ts";
import { platform, version } from "./version.ts";

type Circumstances = {
  /** `amazon-chat chat`, for the last line of a usage error. */
  path: readonly string[];
  /** The caller asked for JSON on stdout. */
  json: boolean;
  verbose: number;
};

/** Prints a failure as cli.md 3.10 wants it and returns the exit code. Never a stack, but with `-vv`. */
export async function reportFailure(thrown: unknown, terminal: Terminal, about: Circumstances): Promise<number> {
  const exit = exitOf(thrown);
  const known = isExpected(thrown);
  const message = plain(known ? thrown.message : `Unexpected error: ${textOf(thrown)}`);
  const hint = hintOf(thrown, known, about.path);
  if (about.json) await terminal.out.line(JSON.stringify({ error: asJson(thrown, message, hint) }));
  const { paint } = terminal.err;
  await terminal.err.line(`${paint.red("amazon-chat:")} ${message}`);
  for (const line of hint) await terminal.err.line(`  ${plain(line)}`);
  if (about.verbose > 0) for (const line of details(thrown)) await terminal.err.line(paint.dim(`  ${plain(line)}`));
  if (about.verbose > 1 && thrown instanceof Error && thrown.stack !== undefined) {
    await terminal.err.line(paint.dim(plain(thrown.stack)));
  }
  return exit;
}

/** A failure as `--json-stream` tells it: the object of `--json`. */
export function failureJson(thrown: unknown): Record<string, unknown> {
  const known = isExpected(thrown);
  return asJson(thrown, known ? thrown.message : textOf(thrown), thrown instanceof CliError ? thrown.hint : []);
}

function hintOf(thrown: unknown, known: boolean, path: readonly string[]): string[] {
  if (!known) return [`This is a bug in amazon-chat ${version} (${platform}). With -vv it says where.`];
  if (!(thrown instanceof CliError)) return [];
  return thrown.exit === exits.usage ? [...thrown.hint, `Try: ${path.join(" ")} --help`] : [...thrown.hint];
}

function asJson(thrown: unknown, message: string, hint: readonly string[]): Record<string, unknown> {
  if (thrown instanceof CliError && thrown.wire !== undefined) {
    const { type, code, status } = thrown.wire;
    return { type, code, message, status, hint: hint.join("\n") || null };
  }
  const type = thrown instanceof GatewayError ? thrown.kind : exitOf(thrown) === exits.usage ? "usage" : "error";
  const { code = null, status = null } = thrown instanceof GatewayError ? thrown : {};
  return { type, code, message, status, hint: hint.join("\n") || null };
}

function details(thrown: unknown): string[] {
  const lines: string[] = [];
  if (thrown instanceof GatewayError) {
    lines.push(`kind ${thrown.kind}, status ${thrown.status}${thrown.code === null ? "" : `, code ${thrown.code}`}`);
    if (thrown.upstreamStatus !== undefined) lines.push(`upstream status ${thrown.upstreamStatus}`);
    if (thrown.upstreamName !== undefined) lines.push(`upstream error ${thrown.upstreamName}`);
    if (thrown.upstreamRequestId !== undefined) lines.push(`upstream request id ${thrown.upstreamRequestId}`);
  }
  let cause = thrown instanceof Error ? thrown.cause : undefined;
  for (let depth = 0; cause !== undefined && depth < 5; depth++) {
    lines.push(`caused by ${textOf(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
