/** Law accounting over everything that was recorded: each body to each kind of upstream, no loss without its name. */
import { describe, expect, test } from "bun:test";
import { factsOnBedrock, factsOnOpenAI, type ModelFacts } from "../../src/core/models.ts";
import { silentLosses } from "../laws/account.ts";
import { crossed, type Outcome, through } from "../laws/through.ts";
import { strangers } from "./crossing.ts";
import {
  type Folder,
  isObject,
  type JsonObject,
  type Recording,
  readRecordings,
  trafficDirectory,
} from "./recordings.ts";

const directory = trafficDirectory();

/** The bodies of one folder, each once, as a caller would send them. */
function bodiesOf(folder: Folder): { file: string; body: JsonObject }[] {
  const once = new Map<string, { file: string; body: JsonObject }>();
  for (const { file, request } of readRecordings(directory ?? "", folder)) {
    if (!isObject(request.body)) continue;
    const body = sendable(folder, request.body);
    once.set(JSON.stringify({ ...body, model: "" }), { file, body });
  }
  return [...once.values()];
}

/** Anthropic's own API says its version in a header. */
function sendable(folder: Folder, body: JsonObject): JsonObject {
  return folder === "anthropic/messages" ? { anthropic_version: "bedrock-2023-05-31", ...body } : body;
}

const factsOf = (model: string): ModelFacts =>
  model.startsWith("gpt-") ? factsOnOpenAI(model) : factsOnBedrock(model, model.replace(/^us\./, ""));

/** How many of a folder's bodies have to arrive rather than be refused: the law must not be kept by refusing. */
const fewest: Readonly<Record<string, number>> = {
  "openai/chat.completions": 60,
  "bedrock/InvokeModel": 30,
  "bedrock/InvokeModelWithResponseStream": 20,
  "anthropic/messages": 60,
  "bedrock/Converse": 25,
  "bedrock/ConverseStream": 15,
};

async function judge(
  folder: Folder,
  look: (body: JsonObject) => Outcome | Promise<Outcome>,
  facts: ModelFacts,
  prepare: (body: JsonObject) => JsonObject,
): Promise<void> {
  const silent: string[] = [];
  let arrived = 0;
  for (const { file, body } of bodiesOf(folder)) {
    const asked = prepare(body);
    if (!(await look(asked)).refused) arrived += 1;
    silent.push(...(await silentLosses(asked, look, facts.toolIds === "nine")).map((what) => `${file}: ${what}`));
  }
  expect(silent).toEqual([]);
  expect(arrived).toBeGreaterThan(fewest[folder] ?? 0);
}

describe.skipIf(directory === undefined)(
  "law accounting: recorded requests, 0 silent losses (skipped: no recordings here)",
  () => {
    const callers = [
      "openai/chat.completions",
      "bedrock/InvokeModel",
      "bedrock/InvokeModelWithResponseStream",
      "anthropic/messages",
    ] as const satisfies readonly Recording["folder"][];
    test.each(callers.flatMap((folder) => strangers.map((model) => [folder, model] as const)))(
      "%s to %s",
      (folder, model) => judge(folder, through, factsOf(model), (body) => ({ ...body, model })),
      60_000,
    );

    // No caller speaks Converse; what was recorded of it leaves for the other formats all the same.
    const conversations = ["bedrock/Converse", "bedrock/ConverseStream"] as const;
    const formats = [
      ["openai", "gpt-4o"],
      ["openai", "gpt-5.4"],
      ["bedrock_claude", "us.anthropic.claude-opus-5"],
      ["bedrock_titan", "amazon.titan-text-express-v1"],
    ] as const;
    test.each(conversations.flatMap((folder) => formats.map(([to, model]) => [folder, to, model] as const)))(
      "%s to %s %s",
      (folder, to, model) =>
        judge(
          folder,
          (body) => crossed("bedrock_converse", to, factsOf(model), body),
          factsOf(model),
          (body) => body,
        ),
      60_000,
    );
    // The gateway has no road from OpenAI's format to Claude's own; the dialects have.
    test("openai/chat.completions to bedrock_claude us.anthropic.claude-opus-5", () => {
      const facts = factsOf("us.anthropic.claude-opus-5");
      const look = (body: JsonObject): Outcome => crossed("openai", "bedrock_claude", facts, body);
      return judge("openai/chat.completions", look, facts, (body) => body);
    }, 60_000);
  },
);
