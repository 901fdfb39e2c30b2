import { isObject, type JsonObject } from "../../../core/json.ts";
import { type Draft, emptyDraft } from "./state.ts";

/** The user message of a draft and what was typed. */
export function messageOf({ parts }: Draft, text: string): JsonObject {
  if (parts.length === 0) return { role: "user", content: text };
  return { role: "user", content: [...parts, ...(text.trim() === "" ? [] : [{ type: "text", text }])] };
}

/** The draft that makes that message again: its last text is what was typed. */
export function draftOf({ content }: JsonObject): Draft {
  if (typeof content === "string") return { text: content, parts: [] };
  if (!Array.isArray(content)) return emptyDraft;
  const parts = content.filter(isObject);
  const last = parts.at(-1);
  if (last?.["type"] !== "text" || typeof last["text"] !== "string") return { text: "", parts };
  return { text: last["text"], parts: parts.slice(0, -1) };
}
