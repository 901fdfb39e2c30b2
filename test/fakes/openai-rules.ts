/** What OpenAI refuses in a Chat Completions body that a gateway made of another format. */
import { at, isObject, type Json } from "../traffic/recordings.ts";

const topLevel = new Set([
  "model",
  "messages",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_completion_tokens",
  "max_tokens",
  "temperature",
  "top_p",
  "stop",
  "stream",
  "stream_options",
  "reasoning_effort",
  "response_format",
  "service_tier",
  "safety_identifier",
  "metadata",
]);

/** The refusals, in words; none for a body that OpenAI would take. */
export function openaiFaults(body: Json): string[] {
  if (!isObject(body)) return ["the body is no object"];
  const faults = Object.keys(body).flatMap((key) => (topLevel.has(key) ? [] : [`unknown member ${key}`]));
  const messages = at.list(body, "messages");
  if (messages.length === 0) faults.push("no messages");
  let waiting: string[] = [];
  for (const [n, message] of messages.entries()) {
    const role = at.text(message, "role") ?? "";
    if (!/^(system|developer|user|assistant|tool)$/.test(role)) faults.push(`messages[${n}]: role ${role}`);
    if (role === "tool") {
      const id = at.text(message, "tool_call_id") ?? "";
      if (!waiting.includes(id)) faults.push(`messages[${n}]: a result for no call (${id})`);
      waiting = waiting.filter((one) => one !== id);
      continue;
    }
    if (waiting.length > 0) faults.push(`messages[${n}]: calls without results: ${waiting.join()}`);
    const calls = at.list(message, "tool_calls");
    waiting = calls.map((call) => at.text(call, "id") ?? "");
    for (const call of calls) {
      const named = at.object(call, "function");
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(at.text(named, "name") ?? ""))
        faults.push(`messages[${n}]: tool name ${at.text(named, "name")}`);
      if (typeof named?.["arguments"] !== "string") faults.push(`messages[${n}]: arguments are no string`);
    }
    const content = isObject(message) ? message["content"] : undefined;
    const empty = content === undefined || content === null || (Array.isArray(content) && content.length === 0);
    if (empty && calls.length === 0) faults.push(`messages[${n}]: no content`);
  }
  if (waiting.length > 0) faults.push(`calls without results: ${waiting.join()}`);
  const stop = body["stop"];
  if (Array.isArray(stop) && stop.length > 4) faults.push("more than 4 stops");
  return faults;
}
