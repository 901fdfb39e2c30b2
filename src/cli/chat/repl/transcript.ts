import { isObject, type JsonObject } from "../../../core/json.ts";
import { callsOfMessage } from "../calls-of-message.ts";
import type { Session } from "../session.ts";
import { textOfMessage } from "../turn-text.ts";

/** The predecessor's names (original.md). */
const names: Readonly<Record<string, string>> = {
  system: "System",
  user: "You",
  assistant: "Assistant",
  tool: "Tool",
};

/** A conversation as Markdown for people. */
export function transcript({ title, model, created, system, messages }: Session): string {
  const all: JsonObject[] = [...(system === undefined ? [] : [{ role: "system", content: system }]), ...messages];
  const head = `# ${title === "" ? "Conversation" : title}\n\n${model} · ${created.slice(0, 10)}\n`;
  return [head, ...all.map(section)].join("\n");
}

function section(message: JsonObject): string {
  const role = typeof message["role"] === "string" ? message["role"] : "";
  const calls = callsOfMessage(message).map(({ name, input }) => `Tool Call: ${name}\nArguments: ${input}`);
  const parts = [textOfMessage(message), ...others(message), ...calls].filter((part) => part !== "");
  return `## ${Object.hasOwn(names, role) ? names[role] : role}\n\n${parts.join("\n\n")}\n`;
}

/** What is no text is named only. */
function others({ content }: JsonObject): string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) => {
    const type = isObject(part) ? part["type"] : "text";
    return typeof type === "string" && type !== "text" ? [`*(${type})*`] : [];
  });
}
