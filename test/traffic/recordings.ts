/** The recorded traffic: read from outside the project, never copied into it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Folders of the recordings that the gateway's main job is judged by. */
export const folders = [
  "bedrock/Converse",
  "bedrock/ConverseStream",
  "bedrock/InvokeModel",
  "bedrock/InvokeModelWithResponseStream",
  "openai/chat.completions",
  "anthropic/messages",
] as const;
export type Folder = (typeof folders)[number];

export type Recording = {
  file: string;
  folder: Folder;
  /** The model id of the request's path or body. */
  model: string;
  features: readonly string[];
  request: { path: string; headers: Record<string, string>; body: Json };
  response: {
    status: number;
    headers: Record<string, string>;
    /** The body as the upstream sends it again: recorded bytes, or the recorded JSON written out. */
    bytes: Uint8Array;
    /** True where the bytes are a stream's as they were recorded. */
    streamed: boolean;
  };
};

/** The recordings' folder, or undefined where this machine has none. */
export function trafficDirectory(): string | undefined {
  const candidates = [process.env["TRAFFIC_DIR"], resolve(import.meta.dir, "../../../shared/traffic")];
  return candidates.find((path) => path !== undefined && path !== "" && existsSync(join(path, "bedrock")));
}

export function readRecordings(directory: string, folder: Folder): Recording[] {
  const names = readdirSync(join(directory, folder)).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => read(join(directory, folder, name), folder, name));
}

type RawFile = {
  model?: string | null;
  features?: string[];
  request: { path: string; headers?: Record<string, string>; body?: Json };
  response: { status: number; headers?: Record<string, string>; body?: Json; body_base64?: string };
};

function read(path: string, folder: Folder, file: string): Recording {
  const raw: RawFile = JSON.parse(readFileSync(path, "utf8"));
  const { body, body_base64: base64 } = raw.response;
  const streamed = base64 !== undefined;
  const bytes = streamed
    ? Buffer.from(base64, "base64")
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body ?? null));
  const body2 = raw.request.body ?? null;
  return {
    file,
    folder,
    model: raw.model ?? "",
    features: raw.features ?? [],
    request: { path: raw.request.path, headers: raw.request.headers ?? {}, body: body2 },
    response: { status: raw.response.status, headers: served(raw, folder, streamed), bytes, streamed },
  };
}

/** What an upstream may not say again of a recorded answer: how that connection was framed. */
const framing = new Set(["content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"]);

function served(raw: RawFile, folder: Folder, streamed: boolean): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.response.headers ?? {})) {
    const key = name.toLowerCase();
    if (framing.has(key) || value === "**REDACTED**" || /[\r\n]|[^\u0020-\u007e]/.test(value)) continue;
    out[key] = value;
  }
  const eventStream = folder.startsWith("bedrock")
    ? "application/vnd.amazon.eventstream"
    : "text/event-stream; charset=utf-8";
  out["content-type"] ??= streamed ? eventStream : "application/json";
  return out;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Typed looks into JSON that came from outside: absent and wrong types are undefined. */
export const at = {
  object: (value: Json | undefined, key: string): JsonObject | undefined => {
    const found = isObject(value) ? value[key] : undefined;
    return isObject(found) ? found : undefined;
  },
  list: (value: Json | undefined, key: string): Json[] => {
    const found = isObject(value) ? value[key] : undefined;
    return Array.isArray(found) ? found : [];
  },
  text: (value: Json | undefined, key: string): string | undefined => {
    const found = isObject(value) ? value[key] : undefined;
    return typeof found === "string" ? found : undefined;
  },
  number: (value: Json | undefined, key: string): number | undefined => {
    const found = isObject(value) ? value[key] : undefined;
    return typeof found === "number" ? found : undefined;
  },
};
