/**
 * What Bedrock refuses in a Converse body, as published in its API model and seen in its ValidationExceptions. A fake that
 * takes anything would let a gateway send what no Bedrock takes.
 */
import { at, isObject, type Json, type JsonObject } from "../traffic/recordings.ts";

const topLevel = new Set([
  "messages",
  "system",
  "inferenceConfig",
  "toolConfig",
  "guardrailConfig",
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  "promptVariables",
  "requestMetadata",
  "performanceConfig",
  "serviceTier",
  "outputConfig",
]);
const blockKinds = new Set([
  "text",
  "image",
  "document",
  "video",
  "audio",
  "toolUse",
  "toolResult",
  "guardContent",
  "cachePoint",
  "reasoningContent",
  "citationsContent",
  "searchResult",
]);
const toolName = /^[a-zA-Z0-9_-]{1,64}$/;

/** The refusals, in words; none for a body that Bedrock would take. */
export function converseFaults(body: Json): string[] {
  if (!isObject(body)) return ["the body is no object"];
  const faults = Object.keys(body).flatMap((key) => (topLevel.has(key) ? [] : [`unknown member ${key}`]));
  const messages = at.list(body, "messages");
  if (messages.length === 0) faults.push("no messages");
  let before: Json | undefined;
  for (const [n, message] of messages.entries()) {
    faults.push(...messageFaults(message, before).map((fault) => `messages[${n}]: ${fault}`));
    before = message;
  }
  const last = before === undefined ? [] : callIds(before);
  if (last.length > 0) faults.push(`calls without results: ${last.join()}`);
  for (const block of at.list(body, "system")) {
    if (isObject(block) && "text" in block && blank(block["text"])) faults.push("a blank system text");
  }
  faults.push(
    ...toolFaults(at.object(body, "toolConfig"), messages),
    ...inferenceFaults(at.object(body, "inferenceConfig")),
  );
  const points = JSON.stringify(body).split('"cachePoint":').length - 1;
  if (points > 4) faults.push(`${points} cache points`);
  return faults;
}

function messageFaults(message: Json, before: Json | undefined): string[] {
  const faults: string[] = [];
  const role = at.text(message, "role");
  const blocks = at.list(message, "content");
  if (role !== "user" && role !== "assistant") faults.push(`role ${role}`);
  if (before === undefined && role !== "user") faults.push("the first turn is not the user's");
  if (before !== undefined && at.text(before, "role") === role) faults.push("roles do not alternate");
  if (blocks.length === 0) faults.push("no content");
  for (const block of blocks) faults.push(...blockFaults(block, role));
  const wanted = before === undefined ? [] : callIds(before);
  const results = blocks.flatMap((block) => at.text(at.object(block, "toolResult"), "toolUseId") ?? []);
  if (JSON.stringify([...wanted].sort()) !== JSON.stringify([...results].sort())) {
    faults.push(`results ${results.join() || "none"} for calls ${wanted.join() || "none"}`);
  }
  const kinds = blocks
    .filter((block) => !at.object(block, "cachePoint"))
    .map((block) => at.object(block, "toolResult") !== undefined);
  if (kinds.lastIndexOf(true) > (kinds.includes(false) ? kinds.indexOf(false) : kinds.length))
    faults.push("results are not first");
  const documents = blocks.flatMap((block) => at.text(at.object(block, "document"), "name") ?? []);
  if (documents.length > 0 && !blocks.some((block) => at.text(block, "text"))) faults.push("a document without text");
  if (new Set(documents).size < documents.length) faults.push("document names repeat");
  return faults;
}

const callIds = (message: Json): string[] =>
  at.list(message, "content").flatMap((block) => at.text(at.object(block, "toolUse"), "toolUseId") ?? []);

function blockFaults(block: Json, role: string | undefined): string[] {
  const kinds = isObject(block) ? Object.keys(block) : [];
  const [kind = ""] = kinds;
  if (kinds.length !== 1 || !blockKinds.has(kind)) return [`a block of ${kinds.join("+") || "nothing"}`];
  if (kind === "text") return blank(isObject(block) ? block["text"] : "") ? ["a blank text"] : [];
  const value = at.object(block, kind);
  if (kind === "toolUse") return callFaults(value, role);
  if (kind === "toolResult") return resultFaults(value, role);
  if (kind === "image" || kind === "document") return mediaFaults(kind, value, role);
  return [];
}

function callFaults(call: JsonObject | undefined, role: string | undefined): string[] {
  const faults = role === "assistant" ? [] : ["a call in a user turn"];
  if (!isObject(call?.["input"])) faults.push("a call whose input is no object");
  if (!toolName.test(at.text(call, "name") ?? "")) faults.push(`tool name ${at.text(call, "name")}`);
  if (!toolName.test(at.text(call, "toolUseId") ?? "")) faults.push(`tool id ${at.text(call, "toolUseId")}`);
  return faults;
}

function resultFaults(result: JsonObject | undefined, role: string | undefined): string[] {
  const faults = role === "user" ? [] : ["a result in an assistant turn"];
  if (at.list(result, "content").length === 0) faults.push("a result without content");
  const status = at.text(result, "status");
  if (status !== undefined && status !== "error" && status !== "success") faults.push(`result status ${status}`);
  return faults;
}

function mediaFaults(kind: "image" | "document", media: JsonObject | undefined, role: string | undefined): string[] {
  const faults = role === "user" ? [] : [`${kind} in an assistant turn`];
  const formats = kind === "image" ? /^(png|jpeg|gif|webp)$/ : /^(pdf|csv|docx?|xlsx?|html|txt|md)$/;
  if (!formats.test(at.text(media, "format") ?? "")) faults.push(`${kind} format ${at.text(media, "format")}`);
  if (Object.keys(at.object(media, "source") ?? {}).length !== 1) faults.push(`${kind} source`);
  if (kind === "document" && !/^[\p{L}\p{N}\-()[\]]+( [\p{L}\p{N}\-()[\]]+)*$/u.test(at.text(media, "name") ?? "")) {
    faults.push(`document name ${at.text(media, "name")}`);
  }
  return faults;
}

function toolFaults(config: JsonObject | undefined, messages: readonly Json[]): string[] {
  const used = messages.some((message) =>
    at.list(message, "content").some((block) => at.object(block, "toolUse") ?? at.object(block, "toolResult")),
  );
  if (!config) return used ? ["tool blocks without toolConfig"] : [];
  const faults: string[] = [];
  const specs = at.list(config, "tools").flatMap((tool) => at.object(tool, "toolSpec") ?? []);
  if (specs.length === 0) faults.push("toolConfig without tools");
  const names = specs.map((spec) => at.text(spec, "name") ?? "");
  if (new Set(names).size < names.length) faults.push("tool names repeat");
  for (const spec of specs) {
    if (!toolName.test(at.text(spec, "name") ?? "")) faults.push(`tool name ${at.text(spec, "name")}`);
    if (at.text(spec, "description") === "") faults.push("an empty tool description");
    if (at.text(at.object(at.object(spec, "inputSchema"), "json"), "type") !== "object")
      faults.push("a schema that is no object's");
  }
  const choice = at.object(config, "toolChoice");
  if (choice && Object.keys(choice).length !== 1) faults.push("toolChoice");
  const forced = at.text(at.object(choice, "tool"), "name");
  if (forced !== undefined && !names.includes(forced)) faults.push(`toolChoice of unknown ${forced}`);
  return faults;
}

function inferenceFaults(config: JsonObject | undefined): string[] {
  const faults: string[] = [];
  const between = (key: string, low: number, high: number): void => {
    const value = at.number(config, key);
    if (value !== undefined && (value < low || value > high)) faults.push(`${key} ${value}`);
  };
  between("temperature", 0, 1);
  between("topP", 0, 1);
  between("maxTokens", 1, Number.MAX_SAFE_INTEGER);
  for (const stop of at.list(config, "stopSequences"))
    if (typeof stop !== "string" || stop === "") faults.push("an empty stop sequence");
  return faults;
}

const blank = (text: Json | undefined): boolean => typeof text !== "string" || text.trim() === "";
