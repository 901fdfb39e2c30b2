import { isObject, type JsonObject } from "../../core/json.ts";

/** The words of a message, whatever its content is made of. */
export function textOfMessage(message: JsonObject): string {
  const { content } = message;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .flatMap((part) => (isObject(part) && typeof part["text"] === "string" ? [part["text"]] : []))
    .join("\n\n");
}

/** A title for a session: the first line of its first prompt. */
export function titleOf(text: string): string {
  const line = text.trim().split(/\r?\n/)[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
