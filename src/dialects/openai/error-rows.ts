import type { ErrorFields, ErrorKind } from "../../core/error.ts";

/** What becomes of an upstream answer (mapping H.4). `status`: where it does not stay as it is. */
export type ErrorRow = { kind: ErrorKind; status?: number; retryable: boolean };

const rows: Readonly<Record<number, ErrorRow>> = {
  400: { kind: "invalid_request", retryable: false },
  401: { kind: "upstream_auth", status: 502, retryable: false },
  402: { kind: "quota", retryable: false },
  403: { kind: "permission", retryable: false },
  404: { kind: "not_found", retryable: false },
  408: { kind: "timeout", status: 504, retryable: true },
  409: { kind: "conflict", retryable: true },
  413: { kind: "too_large", retryable: false },
  422: { kind: "invalid_request", retryable: false },
  429: { kind: "rate_limit", retryable: true },
  500: { kind: "upstream", retryable: true },
  503: { kind: "overloaded", retryable: true },
  504: { kind: "timeout", status: 502, retryable: true },
  529: { kind: "overloaded", status: 503, retryable: true },
};
/** 429s that no waiting helps. */
const spent: ReadonlySet<string | undefined> = new Set(["insufficient_quota", "credit_balance_exhausted"]);

export function errorRow(status: number, code: string | undefined, type: string | undefined): ErrorRow {
  if (status === 429 && (spent.has(code) || spent.has(type))) return { kind: "quota", retryable: false };
  const row = rows[status];
  if (row) return row;
  return status >= 500
    ? { kind: "upstream", status: 502, retryable: true }
    : { kind: "invalid_request", retryable: false };
}

/** The upstream's own word on when to come back, in seconds (mapping H.6). A date is measured against its own clock. */
export function waits(headers: Headers): Pick<ErrorFields, "retryAfter" | "retryAfterGiven"> {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return { retryAfter: ms / 1000, retryAfterGiven: true };
  const value = headers.get("retry-after")?.trim();
  if (!value) return {};
  const seconds = /^\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : (Date.parse(value) - Date.parse(headers.get("date") ?? "")) / 1000;
  return Number.isFinite(seconds) ? { retryAfter: Math.max(0, seconds), retryAfterGiven: true } : {};
}
