import { ConfigError } from "../config/problem.ts";
import { GatewayError, type ErrorKind } from "../core/error.ts";

/** Exit codes (cli.md 3.5). */
export const exits = {
  ok: 0,
  failed: 1,
  usage: 2,
  credentials: 4,
  model: 5,
  rate: 6,
  refused: 7,
  interrupted: 130,
  terminated: 143,
} as const;

type Fields = {
  exit: number;
  /** One sentence that ends with a full stop. */
  message: string;
  /** What to do next: at most three lines. */
  hint?: readonly string[];
  /** What a server said, for --json. */
  wire?: WireError;
  cause?: unknown;
};

/** The words of an error answer; `retryAfter` is in seconds. */
export type WireError = { type: string; code: string | null; status: number | null; retryAfter?: number };

/** A failure with its exit code and the next step for the person who reads it. No secret in its texts. */
export class CliError extends Error {
  readonly exit: number;
  readonly hint: readonly string[];
  readonly wire: WireError | undefined;

  constructor(fields: Fields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = "CliError";
    this.exit = fields.exit;
    this.hint = fields.hint ?? [];
    this.wire = fields.wire;
  }
}

/** A mistake in what was typed: exit 2. */
export function usageError(message: string, ...hint: string[]): CliError {
  return new CliError({ exit: exits.usage, message, hint });
}

const exitOfKind: Partial<Record<ErrorKind, number>> = {
  invalid_request: exits.usage,
  authentication: exits.credentials,
  permission: exits.credentials,
  upstream_auth: exits.credentials,
  not_configured: exits.credentials,
  not_found: exits.model,
  rate_limit: exits.rate,
  quota: exits.rate,
  overloaded: exits.rate,
};
const exitOfCode: Readonly<Record<string, number>> = {
  content_filter: exits.refused,
  content_policy_violation: exits.refused,
  model_not_found: exits.model,
};

/** The exit code of anything thrown. */
export function exitOf(thrown: unknown): number {
  if (thrown instanceof CliError) return thrown.exit;
  if (thrown instanceof ConfigError) return exits.usage;
  if (!(thrown instanceof GatewayError)) return exits.failed;
  if (thrown.code !== null && Object.hasOwn(exitOfCode, thrown.code)) return exitOfCode[thrown.code] ?? exits.failed;
  return exitOfKind[thrown.kind] ?? exits.failed;
}

/** True for failures whose message was written for the person who reads it. */
export function isExpected(thrown: unknown): thrown is CliError | ConfigError | GatewayError {
  return thrown instanceof CliError || thrown instanceof ConfigError || thrown instanceof GatewayError;
}
