/**
 * A model that can be talked to: it answers what it is asked, in the format of the operation it is asked by, whole or
 * streamed. It wants the tool once when it has one, obeys structured output in each of the ways that a gateway may ask for
 * it, and reasons when it is told to. Clients that judge an answer's shape need more than one scripted text.
 */
import { at, isObject, type Json, type JsonObject } from "../traffic/recordings.ts";
import { type Block, converse, type ConverseAnswer, converseStream } from "./converse.ts";
import { completion, data, delta, openaiError, openaiStream, usage } from "./openai.ts";
import { json } from "./http.ts";
import type { Exchange, Script } from "./wire.ts";

/** What the model says in the end, and what its tool is called with. */
export const said = { answer: "It is sunny in Paris.", arguments: { city: "Paris" }, thought: "Weather needs a tool." };
/** What structured output looks like, whoever asks for it: the schemas of the tests want these two members. */
export const structured = { city: "Paris", celsius: 17 };

type Turn = { text?: string; reasoning?: boolean; call?: { id: string; name: string; input: JsonObject } };

/**
 * Answers a request to Converse, ConverseStream or Chat Completions; anything else is OpenAI's 404. `input`: what it calls
 * a tool with.
 */
export function weatherModel(exchange: Exchange, input: JsonObject = said.arguments): Script {
  const body: Json = exchange.body.length === 0 ? null : JSON.parse(new TextDecoder().decode(exchange.body));
  if (exchange.target.endsWith("/converse")) return converse(converseAnswer(converseTurn(body, input)));
  if (exchange.target.endsWith("/converse-stream")) return converseStream(converseAnswer(converseTurn(body, input)));
  if (exchange.target.endsWith("/chat/completions")) return openaiScript(body, openaiTurn(body, input));
  return openaiError(404, { message: `Invalid URL (${exchange.method} ${exchange.target})` });
}

function converseTurn(body: Json, input: JsonObject): Turn {
  const tools = at.list(at.object(body, "toolConfig"), "tools").map((tool) => at.object(tool, "toolSpec"));
  const names = tools.flatMap((tool) => at.text(tool, "name") ?? []);
  const last = at.list(body, "messages").at(-1);
  const answered = at.list(last, "content").some((block) => at.object(block, "toolResult") !== undefined);
  const system = at.list(body, "system").map((block) => at.text(block, "text") ?? "");
  const fields = at.object(body, "additionalModelRequestFields") ?? {};
  const reasoning = isObject(fields["thinking"]) || fields["reasoning_effort"] !== undefined;
  if (names.includes("json_response")) return { call: { id: "tooluse_J", name: "json_response", input: structured } };
  if (isObject(at.object(body, "outputConfig")?.["textFormat"])) return { text: JSON.stringify(structured), reasoning };
  // A model that is only told what to do says a word too much.
  if (system.some((line) => line.includes("JSON schema:")))
    return { text: `Here: ${JSON.stringify(structured)} Bye`, reasoning };
  if (system.some((line) => line.includes("valid JSON object")))
    return { text: `\`\`\`json\n${JSON.stringify(structured)}\n\`\`\`` };
  const called = names[0];
  if (called === undefined || answered) return { text: said.answer, reasoning };
  return { text: "Let me look.", reasoning, call: { id: "tooluse_W", name: called, input } };
}

function converseAnswer({ text, reasoning, call }: Turn): ConverseAnswer {
  const content: Block[] = [];
  if (reasoning) content.push({ reasoningContent: { reasoningText: { text: said.thought, signature: "c2ln" } } });
  if (text !== undefined) content.push({ text });
  if (call) content.push({ toolUse: { toolUseId: call.id, name: call.name, input: call.input } });
  return { content, ...(call && { stopReason: "tool_use" }) };
}

function openaiTurn(body: Json, input: JsonObject): Turn {
  const format = at.text(at.object(body, "response_format"), "type");
  if (format === "json_schema" || format === "json_object") return { text: JSON.stringify(structured) };
  const name = at.text(at.object(at.list(body, "tools")[0], "function"), "name");
  const answered = at.text(at.list(body, "messages").at(-1), "role") === "tool";
  if (name === undefined || answered) return { text: said.answer };
  return { call: { id: "call_W", name, input } };
}

function openaiScript(body: Json, { text, call }: Turn): Script {
  const calls = call && [
    { id: call.id, type: "function", function: { name: call.name, arguments: JSON.stringify(call.input) } },
  ];
  const finishReason = call ? "tool_calls" : "stop";
  const message = { content: text ?? null, ...(calls && { tool_calls: calls }) };
  if (!isObject(body) || body["stream"] !== true) return json(completion({ message, finishReason }));
  const wantsUsage = at.object(body, "stream_options")?.["include_usage"] === true;
  return openaiStream([
    data(delta({ role: "assistant", content: text === undefined ? null : "", refusal: null })),
    ...(text?.split(/(?<= )/) ?? []).map((content) => data(delta({ content }))),
    ...(calls ?? []).map((one) => data(delta({ tool_calls: [{ index: 0, ...one }] }))),
    data(delta({}, finishReason)),
    ...(wantsUsage ? [data({ ...delta({}), choices: [], usage })] : []),
    data("[DONE]"),
  ]);
}
