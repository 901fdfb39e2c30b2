/**
 * What is said in a conversation, read from the raw bodies by nobody's decoder: who calls what under which id, what came
 * back, the thoughts with their signatures, the bytes, the words, in their order.
 */
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";
import { parsedObject } from "./tags.ts";

export type Said = readonly [who: string, what: string, ...rest: Json[]];

/** Neighbouring words of one speaker are one: formats cut them differently. Blank ones say nothing. */
function joined(all: readonly Said[]): Said[] {
  const out: Said[] = [];
  for (const one of all) {
    const last = out.at(-1);
    if (one[1] !== "words") out.push(one);
    else if (String(one[2]).trim() === "") continue;
    else if (last?.[0] === one[0] && last[1] === "words")
      out[out.length - 1] = [one[0], "words", String(last[2]) + String(one[2])];
    else out.push(one);
  }
  return out;
}

const list = (node: Json | undefined): JsonObject[] => (Array.isArray(node) ? node.filter(isObject) : []);
const inner = (node: JsonObject | undefined, key: string): JsonObject | undefined => {
  const found = node?.[key];
  return isObject(found) ? found : undefined;
};

/** A search result's source is a name. */
const named = (source: Json | undefined): string | undefined => (typeof source === "string" ? source : undefined);

export function saidInClaude(body: JsonObject): Said[] {
  const system = typeof body["system"] === "string" ? [{ text: body["system"] }] : list(body["system"]);
  const turns = list(body["messages"]).flatMap((turn) => claudeBlocks(String(turn["role"]), turn["content"]));
  return joined([...system.map((block): Said => ["system", "words", block["text"] ?? ""]), ...turns]);
}

function claudeBlocks(who: string, content: Json | undefined): Said[] {
  if (typeof content === "string") return [[who, "words", content]];
  return list(content).flatMap((block): Said[] => {
    const source = inner(block, "source");
    switch (block["type"]) {
      case "text":
        return [[who, "words", block["text"] ?? ""]];
      case "thinking":
        return [[who, "thought", block["thinking"] ?? "", block["signature"] ?? ""]];
      case "redacted_thinking":
        return [[who, "redacted", block["data"] ?? ""]];
      case "tool_use":
        return [[who, "calls", block["id"] ?? "", block["name"] ?? "", block["input"] ?? {}]];
      case "tool_result":
        return resultOf(block["tool_use_id"], claudeBlocks("tool", block["content"]), block["is_error"] === true);
      default:
        return [[who, "shows", source?.["data"] ?? named(block["source"]) ?? block["type"] ?? ""]];
    }
  });
}

export function saidInConverse(body: JsonObject): Said[] {
  const system = list(body["system"]).flatMap((block): Said[] =>
    typeof block["text"] === "string" ? [["system", "words", block["text"]]] : [],
  );
  return joined([
    ...system,
    ...list(body["messages"]).flatMap((turn) => converseBlocks(String(turn["role"]), turn["content"])),
  ]);
}

function converseBlocks(who: string, content: Json | undefined): Said[] {
  return list(content).flatMap((block): Said[] => {
    const [kind = "", value] = Object.entries(block)[0] ?? [];
    const node = isObject(value) ? value : {};
    switch (kind) {
      case "text":
        return [[who, "words", value ?? ""]];
      case "reasoningContent": {
        const thought = inner(node, "reasoningText");
        return thought
          ? [[who, "thought", thought["text"] ?? "", thought["signature"] ?? ""]]
          : [[who, "redacted", node["redactedContent"] ?? ""]];
      }
      case "toolUse":
        return [[who, "calls", node["toolUseId"] ?? "", node["name"] ?? "", node["input"] ?? {}]];
      case "toolResult":
        return resultOf(node["toolUseId"], converseBlocks("tool", node["content"]), node["status"] === "error");
      case "citationsContent":
        return converseBlocks(who, node["content"]);
      case "cachePoint":
        return [];
      default:
        return [
          [
            who,
            "shows",
            inner(node, "source")?.["bytes"] ?? inner(node, "source")?.["text"] ?? named(node["source"]) ?? kind,
          ],
        ];
    }
  });
}

export function saidInOpenAI(body: JsonObject): Said[] {
  return joined(list(body["messages"]).flatMap(openaiTurn));
}

function openaiTurn(turn: JsonObject): Said[] {
  const who = turn["role"] === "developer" ? "system" : String(turn["role"]);
  const content = openaiParts(who, turn["content"]);
  if (who === "tool") return resultOf(turn["tool_call_id"], content, turn["is_error"] === true);
  const thoughts = list(turn["thinking_blocks"]).flatMap((block) => claudeBlocks(who, [block]));
  const calls = list(turn["tool_calls"]).map((call): Said => {
    const { name, arguments: input } = inner(call, "function") ?? {};
    return [who, "calls", call["id"] ?? "", name ?? "", inputOf(String(input))];
  });
  return [...thoughts, ...content, ...calls];
}

/** Arguments that are no object travel in one (mapping B.5.5). */
function inputOf(text: string): JsonObject {
  return text.trim() === "" ? {} : (parsedObject(text) ?? { rawInvalidInput: text });
}

function openaiParts(who: string, content: Json | undefined): Said[] {
  if (typeof content === "string") return [[who, "words", content]];
  return list(content).map((part): Said => {
    const url = inner(part, "image_url")?.["url"] ?? inner(part, "file")?.["file_data"];
    return part["type"] === "text"
      ? [who, "words", part["text"] ?? ""]
      : [who, "shows", typeof url === "string" ? url.replace(/^data:[^,]*,/, "") : String(part["type"])];
  });
}

function resultOf(id: Json | undefined, content: readonly Said[], failed: boolean): Said[] {
  return [["user", "brings", id ?? "", joined(content).map((one) => [...one.slice(1)]), failed]];
}
