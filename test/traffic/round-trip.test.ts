/**
 * Whole recorded conversations on a round trip: out through another dialect and back, or answered, kept by a client and
 * sent back with its next question. Ids, order, signatures and bytes are what they were.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isDeepStrictEqual } from "node:util";
import { GatewayError } from "../../src/core/error.ts";
import { factsOnBedrock, factsOnOpenAI, type ModelFacts } from "../../src/core/models.ts";
import { dialect } from "../../src/dialects/registry.ts";
import { converse } from "../fakes/converse.ts";
import { type Said, saidInClaude, saidInConverse, saidInOpenAI } from "../laws/spoken.ts";
import { claudePayloads, jsonOf } from "./caller-answer.ts";
import { inboundOf } from "./inbound.ts";
import { readClaude } from "./read-claude.ts";
import { readConverse } from "./read-converse.ts";
import type { Reading } from "./reading.ts";
import {
  at,
  type Folder,
  isObject,
  type Json,
  type JsonObject,
  readRecordings,
  trafficDirectory,
} from "./recordings.ts";
import type { Recording } from "./recordings.ts";
import { asRecorded } from "./replay.ts";
import { claudeMessage, claudeStreamMessage, openaiMessage, openaiStreamMessage } from "./replay-message.ts";
import { sseEvents } from "./sse.ts";
import { openStage, type Stage } from "./stage.ts";
import { meaning, upstreamAnswer } from "./upstream-answer.ts";

const directory = trafficDirectory();
const claude = factsOnBedrock(
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "anthropic.claude-sonnet-4-5-20250929-v1:0",
);
const gpt = factsOnOpenAI("gpt-4o");

/** A body in another dialect; undefined where it is refused in words. */
function translated(from: string, to: string, body: JsonObject, facts: ModelFacts): JsonObject | undefined {
  try {
    const request = dialect(from).request.decode(body);
    dialect(from).request.leave(request, facts);
    const { value } = dialect(to).request.encode(request, facts);
    const text = JSON.stringify(value);
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof GatewayError) return undefined;
    throw thrown;
  }
}

/** Words that the gateway adds (mapping 0.13): placeholders, instructions. */
const added = /^(?:Begin|Continue|See the attached document)\.$/;
const instructions = /\s*(?:Respond with one valid JSON object|JSON schema:|Do not call any tool)[^]*$/;

/** System words stand in front and in one piece, whatever the format; what the gateway added is left out. */
function comparable(all: readonly Said[]): Json[] {
  const system = all.filter(([who]) => who === "system").map((one) => String(one[2]));
  const rest = all.filter(([who, what, words]) => who !== "system" && !(what === "words" && added.test(String(words))));
  return [system.join(" ").replace(instructions, "").replaceAll(/\s+/g, ""), ...rest.map((one) => [...one])];
}

function firstDifference(before: readonly Json[], after: readonly Json[]): string | undefined {
  for (let i = 0; i < Math.max(before.length, after.length); i++)
    if (!isDeepStrictEqual(before[i], after[i]))
      return `${JSON.stringify(before[i])?.slice(0, 300)} became ${JSON.stringify(after[i])?.slice(0, 300)}`;
  return undefined;
}

type Trip = { folder: Folder; from: "openai" | "bedrock_claude"; via: readonly "bedrock_converse"[]; fewest: number };
const trips: readonly Trip[] = [
  { folder: "anthropic/messages", from: "bedrock_claude", via: [], fewest: 200 },
  { folder: "anthropic/messages", from: "bedrock_claude", via: ["bedrock_converse"], fewest: 190 },
  { folder: "bedrock/InvokeModel", from: "bedrock_claude", via: [], fewest: 50 },
  { folder: "bedrock/InvokeModel", from: "bedrock_claude", via: ["bedrock_converse"], fewest: 50 },
  { folder: "bedrock/InvokeModelWithResponseStream", from: "bedrock_claude", via: ["bedrock_converse"], fewest: 25 },
  { folder: "openai/chat.completions", from: "openai", via: [], fewest: 200 },
  { folder: "openai/chat.completions", from: "openai", via: ["bedrock_converse"], fewest: 200 },
];
const readers = { openai: saidInOpenAI, bedrock_claude: saidInClaude, bedrock_converse: saidInConverse };

describe.skipIf(directory === undefined)("recorded conversations out and back (skipped: no recordings here)", () => {
  test.each(trips.map((trip) => [trip.folder, [trip.from, "hub", ...trip.via, trip.from].join(" to "), trip] as const))(
    "%s: %s",
    (folder, _, { from, via, fewest }) => {
      const wrong: string[] = [];
      let whole = 0;
      for (const { file, request } of readRecordings(directory ?? "", folder)) {
        const { body } = request;
        if (!isObject(body) || !Array.isArray(body["messages"])) continue;
        if (folder.startsWith("bedrock/") && body["anthropic_version"] === undefined) continue;
        let now: JsonObject | undefined = body;
        let spoken: keyof typeof readers = from;
        let difference: string | undefined;
        for (const to of [...via, from]) {
          now = now && translated(spoken, to, now, to === "openai" ? gpt : claude);
          spoken = to;
          // On the way, too.
          if (now) difference ??= firstDifference(comparable(readers[from](body)), comparable(readers[to](now)));
        }
        if (now === undefined) continue;
        if (difference === undefined) whole += 1;
        else wrong.push(`${file}: ${difference}`);
      }
      expect(wrong).toEqual([]);
      expect(whole).toBeGreaterThanOrEqual(fewest);
    },
  );
});

describe.skipIf(directory === undefined)("recorded answers, kept and sent back (skipped: no recordings here)", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.stop());

  /** The message a client keeps of a recorded answer, and what the upstream had said. */
  async function kept(recording: Recording, target: "openai" | "bedrock_claude"): Promise<Kept | undefined> {
    const inbound = inboundOf(recording);
    const answer = upstreamAnswer(recording);
    if ("excluded" in inbound || answer.status !== 200) return undefined;
    const heard = meaning(answer, inbound.wire);
    if (heard.error || !heard.ended || heard.calls.length + heard.signatures.length + heard.redacted.length === 0)
      return undefined;
    const query = `?target_format=${target}`;
    const { reply } = await stage.ask(JSON.stringify(inbound.body), query, () => asRecorded(answer));
    if (reply.status !== 200) return undefined;
    return { heard, model: inbound.model, message: messageOf(reply.bytes, inbound.stream, target) };
  }

  /** The assistant's turn as it goes upstream when the client asks on: to Converse, or to Claude in its own format. */
  async function askedOn({ message, model, heard }: Kept, from: "openai" | "bedrock_claude"): Promise<Reading> {
    const results = heard.calls.map(({ id }): JsonObject =>
      from === "openai"
        ? { role: "tool", tool_call_id: id, content: "done" }
        : { type: "tool_result", tool_use_id: id, content: "done" },
    );
    const on: JsonObject[] =
      from === "openai"
        ? [...results, { role: "user", content: "Go on." }]
        : [{ role: "user", content: [...results, { type: "text", text: "Go on." }] }];
    const claudeOnly = from === "openai" ? {} : { anthropic_version: "bedrock-2023-05-31", max_tokens: 1000 };
    const body = { ...claudeOnly, model, messages: [{ role: "user", content: "Go." }, message, ...on] };
    const { upstream, reply } = await stage.ask(JSON.stringify(body), "", () =>
      converse({ content: [{ text: "ok" }] }),
    );
    const sent = upstream[0];
    if (!sent) throw new Error(`nothing went upstream: ${Buffer.from(reply.bytes).toString()}`);
    const turns = at.list(JSON.parse(Buffer.from(sent.body).toString("utf8")), "messages");
    const turn = turns[1] ?? null;
    return sent.target.includes("/converse") ? readConverse({ output: { message: turn } }) : readClaude(turn);
  }

  /** Signed thinking, encrypted thinking, words and calls. Thinking without a signature cannot go back (mapping B.4). */
  function essence({ text, reasoning, signatures, redacted, calls }: Reading): JsonObject {
    const signed = signatures.length > 0 ? reasoning : "";
    return JSON.parse(JSON.stringify({ text: text.trim() === "" ? "" : text, signed, signatures, redacted, calls }));
  }

  test.each([
    ["bedrock/Converse", "openai", 45],
    ["bedrock/ConverseStream", "openai", 20],
    ["bedrock/InvokeModel", "openai", 15],
    ["bedrock/InvokeModelWithResponseStream", "openai", 12],
    ["anthropic/messages", "openai", 100],
    ["bedrock/Converse", "bedrock_claude", 30],
    ["bedrock/ConverseStream", "bedrock_claude", 10],
  ] as const)(
    "%s to an %s client and back upstream",
    async (folder, target, fewest) => {
      const wrong: string[] = [];
      let whole = 0;
      for (const recording of readRecordings(directory ?? "", folder)) {
        const one = await kept(recording, target);
        if (one === undefined) continue;
        const returned = await askedOn(one, target);
        const difference = firstDifference([essence(one.heard)], [essence(returned)]);
        if (difference === undefined) whole += 1;
        else wrong.push(`${recording.file}: ${difference}`);
      }
      expect(wrong).toEqual([]);
      expect(whole).toBeGreaterThanOrEqual(fewest);
    },
    60_000,
  );
});

type Kept = { heard: Reading; model: string; message: JsonObject };

function messageOf(bytes: Uint8Array, stream: boolean, target: "openai" | "bedrock_claude"): JsonObject {
  if (!stream) {
    const body = jsonOf(bytes) ?? null;
    return target === "openai" ? openaiMessage(body) : claudeMessage(body);
  }
  const events = sseEvents(bytes);
  return target === "openai" ? openaiStreamMessage(events) : claudeStreamMessage(claudePayloads(events));
}
