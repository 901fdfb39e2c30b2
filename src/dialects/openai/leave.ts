import type { ChatRequest, Message, Tool } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Loss } from "../../core/loss.ts";
import type { ModelFacts } from "../../core/models.ts";
import { rowOf } from "../../core/row-of.ts";
import { leaveContent } from "./leave-content.ts";
import { topRules } from "./leave-rules.ts";
import { own, says } from "./wire.ts";

/**
 * What this dialect's extras cost when a request leaves for another one (mapping 0.13, B.1): a Loss each, none for
 * other spellings of what the hub carries and for defaults. Throws 400 where the answer would mean something else.
 */
export function leave(request: ChatRequest, facts: ModelFacts): Loss[] {
  const losses: Loss[] = [];
  const lose = (path: string, feature = "unknown field"): void =>
    void losses.push({ path, feature, action: "dropped" });
  const fields = own(request) ?? {};
  for (const [key, value] of Object.entries(fields)) {
    const rule = rowOf(topRules, key);
    if (rule) rule(value, lose, request, fields);
    else if (says(value)) lose(key);
  }
  for (const message of request.messages) leaveMessage(message, facts, lose);
  for (const tool of request.tools ?? []) leaveTool(tool, lose);
  return losses;
}

type Lose = (path: string, feature?: string) => void;

function leaveMessage(message: Message, facts: ModelFacts, lose: Lose): void {
  const fields = own(message);
  if (fields) leaveFields(fields, message, facts, lose);
  for (const block of message.content) leaveContent(block, lose);
}

function leaveFields(fields: JsonObject, message: Message, facts: ModelFacts, lose: Lose): void {
  for (const [key, value] of Object.entries(fields)) {
    if (!says(value)) continue;
    const path = `${message.at ?? "messages"}.${key}`;
    if (key === "audio") {
      throw GatewayError.unsupported(path, "Audio references are not supported for this model.", "unsupported_value");
    }
    if (key === "cache_control" || key === "prompt_cache_breakpoint") {
      if (message.content.length === 0) lose(path, "cache point");
    } else if (!messageForms.has(key) && !repeats(key, value, message, facts)) lose(path, rowOf(messageFeatures, key));
  }
}

/** Spellings: `developer` is `system`; empty content is no content. */
const messageForms: ReadonlySet<string> = new Set(["role", "content", "refusal"]);
const messageFeatures: Readonly<Record<string, string>> = {
  name: "participant name",
  annotations: "annotations of history",
  citations: "citations of history",
  images: "images of history",
};

/** `reasoning_content` beside thinking blocks that say the same and are replayed (our own answers). */
function repeats(key: string, value: Json, message: Message, facts: ModelFacts): boolean {
  if (value === "") return true;
  if ((key !== "reasoning_content" && key !== "reasoning") || facts.replayThinking !== "all") return false;
  return value === message.content.map((block) => (block.type === "reasoning" ? block.text : "")).join("");
}

function leaveTool(tool: Tool, lose: Lose): void {
  const base = tool.at ?? "tools";
  for (const [key, value] of Object.entries(own(tool) ?? {})) {
    if (key === "cache_control" || key === "prompt_cache_breakpoint" || !says(value)) continue;
    if ((key === "function" || key === "custom") && isObject(value))
      leaveToolFields(value, `${base}.${key}`, tool, lose);
    else lose(`${base}.${key}`);
  }
}

function leaveToolFields(fields: JsonObject, base: string, tool: Tool, lose: Lose): void {
  for (const [key, value] of Object.entries(fields)) {
    if (key === "cache_control" || key === "prompt_cache_breakpoint" || !says(value)) continue;
    if (tool.kind === "custom" && key === "format") continue;
    lose(`${base}.${key}`);
  }
}
