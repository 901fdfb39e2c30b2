/** A recorded request sent to a model it was not made for: what goes upstream must be what that upstream takes. */
import { converse, converseStream } from "../fakes/converse.ts";
import { converseFaults } from "../fakes/converse-rules.ts";
import { invoke, invokeStream, titanTextChunks } from "../fakes/invoke.ts";
import { openai, openaiStream, textEvents } from "../fakes/openai.ts";
import { openaiFaults } from "../fakes/openai-rules.ts";
import type { Exchange, Script } from "../fakes/wire.ts";
import { jsonOf } from "./caller-answer.ts";
import { inboundOf } from "./inbound.ts";
import { readOpenAI, readOpenAIStream } from "./read-openai.ts";
import { at, isObject, type Json, type JsonObject, type Recording } from "./recordings.ts";
import { sseEvents } from "./sse.ts";
import type { Stage } from "./stage.ts";

/** Models of each road: Converse with and without system prompt, with tools, without; Titan's own; OpenAI. */
export const strangers = [
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "us.anthropic.claude-opus-5",
  "us.amazon.nova-pro-v1:0",
  "us.meta.llama3-3-70b-instruct-v1:0",
  "mistral.mistral-large-2402-v1:0",
  "openai.gpt-oss-120b-1:0",
  "amazon.titan-text-express-v1",
  "gpt-4o",
  "gpt-5.4",
] as const;

export type Crossing = { status: number; faults: string[]; message: string };

/** Undefined where the pair is no crossing: the recording's own road, or no request was recorded. */
export async function cross(stage: Stage, recording: Recording, model: string): Promise<Crossing | undefined> {
  const inbound = inboundOf(recording);
  if ("excluded" in inbound || recording.response.status >= 400) return undefined;
  const own =
    inbound.wire === "openai" ? /^(gpt|o\d)/.test(model) : inbound.wire === "bedrock_titan" && model.includes("titan");
  if (own || (inbound.wire === "bedrock_claude" && model.includes("claude"))) return undefined;
  const body: JsonObject = { ...inbound.body, model };
  const { reply, upstream } = await stage.ask(JSON.stringify(body), "", answer);
  const answered = jsonOf(reply.bytes) ?? null;
  const message = at.text(at.object(answered, "error"), "message") ?? "";
  const faults = upstream.flatMap((exchange) => bodyFaults(exchange));
  if (reply.status === 200) {
    const told = inbound.stream ? readOpenAIStream(sseEvents(reply.bytes)) : readOpenAI(answered);
    if (!told.ended || told.error || told.text !== "ok")
      faults.push(`the answer says ${JSON.stringify(told.text)}, ${told.error?.message ?? "no error"}`);
  } else if (reply.status !== 400) faults.push(`status ${reply.status}`);
  else if (upstream.length > 0) faults.push("400 after a call upstream");
  return { status: reply.status, faults, message };
}

function answer({ target, body }: Exchange): Script {
  const ok = { content: [{ text: "ok" }] };
  if (target.endsWith("/converse")) return converse(ok);
  if (target.endsWith("/converse-stream")) return converseStream(ok);
  if (target.endsWith("/invoke")) {
    return invoke({
      inputTextTokenCount: 3,
      results: [{ tokenCount: 1, outputText: "ok", completionReason: "FINISH" }],
    });
  }
  if (target.endsWith("/invoke-with-response-stream")) return invokeStream(titanTextChunks(["ok"]));
  const asked: Json = JSON.parse(Buffer.from(body).toString("utf8"));
  return isObject(asked) && asked["stream"] === true
    ? openaiStream(textEvents(["ok"]))
    : openai({ message: { content: "ok" } });
}

function bodyFaults({ target, body }: Exchange): string[] {
  const sent: Json = JSON.parse(Buffer.from(body).toString("utf8"));
  if (target.includes("/converse")) return converseFaults(sent);
  if (target.includes("/invoke")) {
    const known = new Set(["inputText", "textGenerationConfig"]);
    return Object.keys(isObject(sent) ? sent : {}).flatMap((key) => (known.has(key) ? [] : [`unknown member ${key}`]));
  }
  return openaiFaults(sent);
}
