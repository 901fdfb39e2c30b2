/** The request that leads to a recorded answer, and what stands upstream of the gateway for it. */
import type { Wire } from "./expectation.ts";
import { openaiFromConverse } from "./from-converse.ts";
import { at, isObject, type JsonObject, type Recording } from "./recordings.ts";
import { firstException, upstreamAnswer } from "./upstream-answer.ts";

export type Inbound = {
  wire: Wire;
  body: JsonObject;
  stream: boolean;
  includeUsage: boolean;
  /** The model id upstream. */
  model: string;
  /** Upstream must get the caller's own body (mapping F.2, G.2). */
  verbatim: boolean;
};

export type Excluded = { excluded: string };

/** Recordings that no request to this gateway leads to, and why. The reason is the rule, not the failure. */
const notOurs: { when: (recording: Recording) => boolean; reason: string }[] = [
  {
    when: (r) => r.folder.startsWith("bedrock/Invoke") && !isObject(r.request.body),
    reason: "no request body was recorded",
  },
  {
    when: (r) => r.folder.startsWith("bedrock/Invoke") && !native(r),
    reason: "another family's own InvokeModel format: the gateway speaks Converse to it (mapping F.1)",
  },
  {
    when: (r) =>
      r.folder === "anthropic/messages" && /"source": ?\{[^}]*"url": ?"http/.test(JSON.stringify(r.request.body)),
    reason: "media by URL, which Bedrock does not take and the gateway would have to fetch",
  },
  {
    when: (r) => r.folder === "openai/chat.completions" && !isObject(r.request.body),
    reason: "no request body was recorded",
  },
];

/** Claude's Messages format or Titan's, for a model that speaks it. */
function native(recording: Recording): boolean {
  const { body } = recording.request;
  if (!isObject(body)) return false;
  if (typeof body["anthropic_version"] === "string") return Array.isArray(body["messages"]);
  return typeof body["inputText"] === "string" && /titan-(text|tg1)/.test(recording.model);
}

/** Titan Text is called through InvokeModel and these ids have no provider: Converse answers are replayed under another id. */
function converseModel(recording: Recording): string {
  const { model } = recording;
  if (/titan-text/.test(model)) return "us.amazon.nova-lite-v1:0";
  if (model.includes("does-not-exist")) return "us.amazon.does-not-exist-v1:0";
  return model;
}

export function inboundOf(recording: Recording): Inbound | Excluded {
  const rule = notOurs.find((row) => row.when(recording));
  if (rule) return { excluded: rule.reason };
  const body = recording.request.body;
  if (!isObject(body)) return { excluded: "no request body was recorded" };
  switch (recording.folder) {
    case "openai/chat.completions":
      return openai(recording, body);
    case "bedrock/Converse":
      return converse(recording, body, false);
    case "bedrock/ConverseStream":
      return converse(recording, body, true);
    case "bedrock/InvokeModel":
      return invoke(recording, body, false);
    case "bedrock/InvokeModelWithResponseStream":
      return invoke(recording, body, true);
    case "anthropic/messages":
      return anthropic(recording, body);
  }
}

/** Mapping I.1 step 3. */
const openaiId = /^(ft:|gpt-|chatgpt-|o[1-9]\d?(-|$)|text-|davinci(-|$)|babbage(-|$)|codex-|computer-use-)/i;

/** True where the id leads to no provider, so that the gateway must refuse it itself. */
export const unroutable = (model: string): boolean => !openaiId.test(model);

/** An answer of a compatible server, recorded under an id of its own, is replayed under one of OpenAI's. */
function openai(recording: Recording, recorded: JsonObject): Inbound {
  const named = at.text(recorded, "model") ?? "";
  const body =
    recording.response.status === 200 && unroutable(named) ? { ...recorded, model: "gpt-4o-mini" } : recorded;
  const stream = body["stream"] === true;
  const includeUsage = at.object(body, "stream_options")?.["include_usage"] === true;
  return { wire: "openai", body, stream, includeUsage, model: at.text(body, "model") ?? "", verbatim: true };
}

function converse(recording: Recording, recorded: JsonObject, stream: boolean): Inbound {
  const model = converseModel(recording);
  const failed = recording.response.status >= 400 || firstException(upstreamAnswer(recording)) !== undefined;
  const asked = failed ? { messages: [{ role: "user", content: [{ text: "Hi" }] }] } : recorded;
  const body = openaiFromConverse(asked, model, stream);
  return { wire: "bedrock_converse", body, stream, includeUsage: stream, model, verbatim: false };
}

function invoke(recording: Recording, recorded: JsonObject, stream: boolean): Inbound {
  const wire = "inputText" in recorded ? "bedrock_titan" : "bedrock_claude";
  const { model } = recording;
  const body: JsonObject = { ...recorded, model };
  if (stream) body["stream"] = true;
  return { wire, body, stream, includeUsage: true, model, verbatim: true };
}

/** Anthropic's own API differs from Bedrock's copy in the version, the model's place and the framing. */
function anthropic(recording: Recording, recorded: JsonObject): Inbound | Excluded {
  if (!Array.isArray(recorded["messages"])) return { excluded: "no messages were recorded" };
  const model = bedrockId(recording.model);
  const stream = recorded["stream"] === true;
  const body: JsonObject = { anthropic_version: "bedrock-2023-05-31", ...recorded, model };
  return { wire: "bedrock_claude", body, stream, includeUsage: true, model, verbatim: true };
}

function bedrockId(model: string): string {
  const name = /^claude-[a-z0-9-]+$/.test(model) ? model.replace(/-latest$|-0$/, "") : "claude-sonnet-4-5-20250929";
  return `us.anthropic.${name}-v1:0`;
}
