import { lossText } from "../core/loss.ts";
import type { RequestRecord } from "../gateway/record.ts";

export type LogLevel = "debug" | "info" | "warning" | "error" | "critical";
const weights: Record<LogLevel, number> = { debug: 0, info: 1, warning: 2, error: 3, critical: 4 };

/** The level of a request's line: what an operator should look at stands out. */
function levelOf(record: RequestRecord): LogLevel {
  const status = record.status ?? 500;
  if (status === 499) return "info";
  if (status >= 500) return "error";
  return status >= 400 || record.errorCode !== undefined ? "warning" : "info";
}

/**
 * One line per request: facts and counts, never a prompt, never a secret, whatever the level. `write` gets how to make it:
 * a record is not changed any more once its request is over.
 */
export function requestLog(options: {
  level: LogLevel;
  json: boolean;
  write: (line: () => string) => void;
  now?: () => number;
}): (record: RequestRecord) => void {
  const least = weights[options.level];
  const now = options.now ?? Date.now;
  const format = options.json ? jsonLine : prettyLine;
  const detail = least === 0;
  return (record) => {
    const level = levelOf(record);
    if (weights[level] < least) return;
    const time = now();
    options.write(() => `${format(record, level, time, detail)}\n`);
  };
}

function jsonLine(record: RequestRecord, level: LogLevel, time: number, detail: boolean): string {
  const { usage } = record;
  return JSON.stringify({
    time: timeText(time),
    level,
    request_id: record.requestId,
    request: record.requestDialect,
    upstream: record.upstreamDialect,
    reply: record.replyDialect,
    edges: record.edges,
    model: record.model,
    provider: record.provider,
    region: record.region,
    stream: record.stream,
    status: record.status,
    upstream_status: record.upstreamStatus,
    upstream_request_id: record.upstreamRequestId,
    attempts: record.attempts,
    downgrades: record.downgrades.length > 0 ? record.downgrades : undefined,
    tokens: usage && {
      in: usage.input,
      out: usage.output,
      cache_read: usage.cacheRead,
      cache_write: usage.cacheWrite,
      reasoning: usage.reasoning,
    },
    first_event_ms: rounded(record.firstEventMs),
    duration_ms: rounded(record.durationMs),
    gateway_ms: rounded(gatewayMs(record)),
    losses: record.losses.length === 0 ? undefined : detail ? lossText(record.losses) : record.losses.length,
    finish: record.finish,
    error: record.errorCode,
    error_detail: record.errorMessage,
  });
}

let lastTime = Number.NaN;
let lastText = "";

/** Lines of one batch mostly share their millisecond. */
function timeText(time: number): string {
  if (time !== lastTime) {
    lastTime = time;
    lastText = new Date(time).toISOString();
  }
  return lastText;
}

/** What we added: the time to the first byte without the waiting for the upstream. */
function gatewayMs(record: RequestRecord): number | undefined {
  const total = record.firstEventMs ?? record.durationMs;
  return total === undefined ? undefined : Math.max(0, total - record.upstreamMs);
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}

function prettyLine(record: RequestRecord, level: LogLevel, time: number, detail: boolean): string {
  const { usage } = record;
  const parts = [
    new Date(time).toTimeString().slice(0, 8),
    String(record.status ?? "-"),
    safe(record.model ?? "-"),
    record.requestDialect === undefined
      ? ""
      : `${record.requestDialect}→${record.upstreamDialect ?? "?"}→${record.replyDialect ?? "?"}`,
    detail ? origin(record) : "",
    record.stream ? "stream" : "",
    usage ? `${usage.input + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0)} in / ${usage.output} out` : "",
    record.durationMs === undefined ? "" : `${(record.durationMs / 1000).toFixed(2)} s`,
    record.firstEventMs === undefined ? "" : `first after ${(record.firstEventMs / 1000).toFixed(2)} s`,
    `+${rounded(gatewayMs(record)) ?? 0} ms`,
    record.attempts > 1 ? `${record.attempts} attempts` : "",
    record.finish ?? "",
    record.errorCode === undefined ? "" : `${level}: ${record.errorCode}`,
    record.errorMessage ?? "",
    record.losses.length === 0 ? "" : detail ? `lost ${safe(lossText(record.losses))}` : `${record.losses.length} lost`,
    record.requestId,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** Who answered: `bedrock us-east-1 200 5b7a…`. */
function origin({ provider, region, upstreamStatus, upstreamRequestId }: RequestRecord): string {
  return [provider, region, upstreamStatus, upstreamRequestId && safe(upstreamRequestId)]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

/** A caller's text may not draw on the operator's terminal. */
function safe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
}
