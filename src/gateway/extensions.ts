import { GatewayError } from "../core/error.ts";
import { isObject, type Json, type JsonObject } from "../core/json.ts";
import type { Body } from "./body.ts";

/** Top-level keys that are ours, in every dialect (mapping B.11, and `demo` of the demo provider): no other upstream sees them. */
export const extensionKeys: ReadonlySet<string> = new Set([
  "guardrail_config",
  "performance_config",
  "request_metadata",
  "additional_model_request_fields",
  "additional_model_response_field_paths",
  "prompt_variables",
  "thinking",
  "output_config",
  "demo",
]);

/** Of those, the ones that go to InvokeModel as headers: not lost where they leave the body. */
export const travelling: ReadonlySet<string> = new Set(["guardrail_config", "performance_config", "request_metadata"]);
/** Of the extensions, the ones that are part of Claude's own format. */
const claudeOwn: ReadonlySet<string> = new Set(["thinking", "output_config"]);
/** Message-level keys that only our answers make (mapping G.2 rule 2). */
const answerKeys = ["thinking_blocks", "citations", "images", "reasoning_content"];

/** The extension keys of a body that its own upstream must not see. */
export function foreignKeys(body: Body, dialect: string): Set<string> {
  const own = dialect === "bedrock_claude" ? claudeOwn : undefined;
  const found = new Set<string>();
  for (const key of body.keys()) if (extensionKeys.has(key) && !own?.has(key)) found.add(key);
  return found;
}

/** Members of InvokeModel that travel as headers (mapping F.2), from the extensions of a native body. */
export function invokeHeaders(body: Body, guardrail: JsonObject | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  const put = (name: string, value: Json | undefined, path: string): void => {
    if (value === undefined || value === null) return;
    if (typeof value !== "string") throw GatewayError.type(path, "a string", value);
    if (!/^[\x20-\x7e]{1,2048}$/.test(value))
      throw GatewayError.invalid(path, `Invalid value for '${path}': use printable ASCII.`);
    headers[name] = value;
  };
  const config = object(body.value("guardrail_config"), "guardrail_config") ?? guardrail;
  put("x-amzn-bedrock-guardrailidentifier", config?.["guardrailIdentifier"], "guardrail_config.guardrailIdentifier");
  put("x-amzn-bedrock-guardrailversion", config?.["guardrailVersion"], "guardrail_config.guardrailVersion");
  const trace = config?.["trace"];
  put("x-amzn-bedrock-trace", typeof trace === "string" ? trace.toUpperCase() : trace, "guardrail_config.trace");
  put(
    "x-amzn-bedrock-performanceconfig-latency",
    object(body.value("performance_config"), "performance_config")?.["latency"],
    "performance_config.latency",
  );
  const metadata = object(body.value("request_metadata"), "request_metadata");
  if (metadata) put("x-amzn-bedrock-request-metadata", JSON.stringify(metadata), "request_metadata");
  return headers;
}

/** What of the travelling extensions InvokeModel has no header for: `guardrail_config.streamProcessingMode`, what is not known yet. */
export function leftBehind(body: Body): string[] {
  return Object.entries(headed).flatMap(([key, known]) =>
    Object.entries(object(body.value(key), key) ?? {}).flatMap(([inner, value]) =>
      known.includes(inner) || value === null ? [] : [`${key}.${inner}`],
    ),
  );
}

/** The members that `invokeHeaders` writes. */
const headed: Readonly<Record<string, readonly string[]>> = {
  guardrail_config: ["guardrailIdentifier", "guardrailVersion", "trace"],
  performance_config: ["latency"],
};

function object(value: unknown, path: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw GatewayError.type(path, "an object", value);
  return value;
}

/**
 * The messages of a body without what is only ours in them, and the paths that were cut: `guard_content` of parts (mapping
 * B.11) and, with `answers`, the message keys that only our answers make (G.2 rule 2).
 */
export function withoutOwnKeys(messages: Json | undefined, answers: boolean): { messages: Json[]; paths: string[] } {
  const paths: string[] = [];
  const list = Array.isArray(messages) ? messages : [];
  const kept = list.map((message, i) => {
    if (!isObject(message)) return message;
    const found = answers ? answerKeys.filter((key) => Object.hasOwn(message, key)) : [];
    paths.push(...found.map((key) => `messages[${i}].${key}`));
    const rest = Object.entries(message).filter(([key]) => !found.includes(key));
    return unguarded(Object.fromEntries(rest), `messages[${i}]`, paths);
  });
  return { messages: kept, paths };
}

/** A message or block whose parts, at any depth, carry no `guard_content`. */
function unguarded(node: JsonObject, path: string, paths: string[]): JsonObject {
  const content = node["content"];
  if (!Array.isArray(content)) return node;
  const parts = content.map((part, j) => {
    if (!isObject(part)) return part;
    const at = `${path}.content[${j}]`;
    const { guard_content: guard, ...rest } = part;
    if (guard !== undefined) paths.push(`${at}.guard_content`);
    return unguarded(rest, at, paths);
  });
  return { ...node, content: parts };
}
