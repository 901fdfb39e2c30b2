/**
 * An OpenAI body that leads to a recorded Converse call. The answer's conversion is what a replay judges, so what OpenAI
 * cannot say (guard content, citations in history, video) is put in words.
 */
import { at, isObject, type Json, type JsonObject } from "./recordings.ts";

export function openaiFromConverse(body: Json, model: string, stream: boolean): JsonObject {
  const messages: Json[] = [];
  const system = at.list(body, "system").flatMap((block) => at.text(block, "text") ?? []);
  if (system.length > 0) messages.push({ role: "system", content: system.join("\n\n") });
  for (const message of at.list(body, "messages")) messages.push(...turns(message));
  const out: JsonObject = { model, messages };
  const config = at.object(body, "inferenceConfig");
  const limit = at.number(config, "maxTokens");
  if (limit !== undefined) out["max_completion_tokens"] = limit;
  const temperature = at.number(config, "temperature");
  if (temperature !== undefined) out["temperature"] = temperature;
  const stop = at.list(config, "stopSequences").slice(0, 4);
  if (stop.length > 0) out["stop"] = stop;
  const tools = at.list(at.object(body, "toolConfig"), "tools").flatMap(tool);
  if (tools.length > 0) out["tools"] = tools;
  if (stream) {
    out["stream"] = true;
    out["stream_options"] = { include_usage: true };
  }
  return out;
}

function tool(tool: Json): Json[] {
  const spec = at.object(tool, "toolSpec");
  const name = at.text(spec, "name");
  if (name === undefined) return [];
  const definition: JsonObject = { name, parameters: at.object(at.object(spec, "inputSchema"), "json") ?? {} };
  const description = at.text(spec, "description");
  if (description !== undefined) definition["description"] = description;
  return [{ type: "function", function: definition }];
}

function turns(message: Json): Json[] {
  const blocks = at.list(message, "content");
  const out: Json[] = [];
  if (at.text(message, "role") === "assistant") {
    const calls = blocks.flatMap((block) => call(at.object(block, "toolUse")));
    const text = blocks.flatMap(words).join("");
    const turn: JsonObject = { role: "assistant", content: text === "" ? null : text };
    if (calls.length > 0) turn["tool_calls"] = calls;
    return [turn];
  }
  for (const block of blocks) {
    const result = at.object(block, "toolResult");
    if (!result) continue;
    const content = at.list(result, "content").map((part) => words(part)[0] ?? JSON.stringify(part).slice(0, 200));
    out.push({ role: "tool", tool_call_id: at.text(result, "toolUseId") ?? "", content: content.join("\n") });
  }
  const parts = blocks.filter((block) => !at.object(block, "toolResult")).flatMap(part);
  if (parts.length > 0) out.push({ role: "user", content: parts });
  return out;
}

function call(use: JsonObject | undefined): Json[] {
  if (!use || at.text(use, "type") === "server_tool_use") return [];
  const args = JSON.stringify(use["input"] ?? {});
  return [
    {
      id: at.text(use, "toolUseId") ?? "",
      type: "function",
      function: { name: at.text(use, "name") ?? "", arguments: args },
    },
  ];
}

function words(block: Json): string[] {
  const text = at.text(block, "text") ?? at.text(at.object(at.object(block, "guardContent"), "text"), "text");
  if (text !== undefined) return [text];
  return at.list(at.object(block, "citationsContent"), "content").flatMap(words);
}

function part(block: Json): Json[] {
  const image = at.object(block, "image");
  const bytes = at.text(at.object(image, "source"), "bytes");
  if (image && bytes !== undefined) {
    return [{ type: "image_url", image_url: { url: `data:image/${at.text(image, "format")};base64,${bytes}` } }];
  }
  const text = words(block)[0];
  if (text !== undefined) return [{ type: "text", text }];
  if (!isObject(block) || "cachePoint" in block || "reasoningContent" in block) return [];
  return [{ type: "text", text: `(${Object.keys(block).join()})` }];
}
