import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../src/core/json.ts";
import { factsOnBedrock, factsOnOpenAI, type ModelFacts } from "../../src/core/models.ts";
import { requestsOf } from "../dialects/fixtures.ts";
import { silentLosses } from "./account.ts";
import { crossed, type Outcome } from "./through.ts";

type Sent = Extract<Outcome, { refused: false }>;

const onBedrock = (id: string): ModelFacts => factsOnBedrock(id, id);

const upstreams: readonly [string, ModelFacts][] = [
  ["openai", factsOnOpenAI("gpt-4o")],
  ["openai", factsOnOpenAI("gpt-5.4")],
  ["bedrock_claude", onBedrock("anthropic.claude-opus-4-6-v1")],
  ["bedrock_converse", onBedrock("anthropic.claude-3-5-sonnet-20241022-v2:0")],
  ["bedrock_converse", onBedrock("anthropic.claude-opus-4-6-v1")],
  ["bedrock_converse", onBedrock("amazon.nova-lite-v1:0")],
  ["bedrock_converse", onBedrock("meta.llama3-3-70b-instruct-v1:0")],
  ["bedrock_converse", onBedrock("mistral.mistral-large-2407-v1:0")],
  ["bedrock_titan", onBedrock("amazon.titan-text-express-v1")],
];
const dialects = ["openai", "bedrock_claude", "bedrock_titan", "bedrock_converse"];

describe("law accounting: what the caller wrote arrives, is a loss, or was refused", () => {
  for (const from of dialects) {
    for (const { name, body } of requestsOf(from)) {
      for (const [to, facts] of upstreams) {
        if (to === from) continue;
        test(`${from} ${name} for ${to} ${facts.base}`, async () => {
          const look = (changed: JsonObject): Outcome => crossed(from, to, facts, changed);
          const outcome = look(body);
          if (outcome.refused) expect([outcome.status, typeof outcome.param]).toEqual([400, "string"]);
          expect(await silentLosses(body, look, facts.toolIds === "nine")).toEqual([]);
        });
      }
    }
  }

  test("something does arrive", () => {
    const arrived = dialects.flatMap((from) =>
      requestsOf(from).flatMap(({ body }) =>
        upstreams.filter(([to, facts]) => to !== from && !crossed(from, to, facts, body).refused),
      ),
    );
    expect(arrived.length).toBeGreaterThan(80);
  });

  test("strictness is a loss where the model has no structured output of its own", () => {
    const body = requestsOf("openai").find(({ name }) => name === "structured")?.body ?? {};
    const outcome = crossed("openai", "bedrock_converse", onBedrock("amazon.nova-lite-v1:0"), body);
    expect(outcome.refused ? [] : outcome.losses.map(({ path }) => path)).toContain(
      "response_format.json_schema.strict",
    );
  });
});

describe("the law sees what vanishes", () => {
  const body: JsonObject = {
    model: "m",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "What time is it?" },
    ],
    temperature: 0.5,
    tools: [{ type: "function", function: { name: "clock", parameters: { type: "object", properties: {} } } }],
    stop: ["END"],
  };
  const sent = (body: JsonObject): Sent => ({
    refused: false,
    from: "openai",
    to: "bedrock_converse",
    verbatim: false,
    stream: false,
    body,
    headers: {},
    losses: [],
  });

  test("words, numbers, trees, roles and list items", async () => {
    expect(await silentLosses(body, (it) => sent({ all: it }))).toEqual([]);
    const faults: [(it: JsonObject) => JsonObject, string[]][] = [
      [({ messages: _, ...rest }) => rest, ["messages[0].content (its words)", "messages[1].content (its words)"]],
      [({ temperature: _, ...rest }) => rest, ["temperature (its number)"]],
      [({ stop: _, ...rest }) => rest, ["stop[0] (its words)"]],
      [({ tools: _, ...rest }) => rest, ["tools[0].function.parameters.type (its tree)"]],
      [
        ({ messages, ...rest }) => ({
          ...rest,
          said: JSON.stringify(messages).replaceAll(/user|assistant|system/g, ""),
        }),
        ["messages[1].role (nothing changes without it)"],
      ],
    ];
    for (const [spoil, found] of faults) {
      expect(await silentLosses(body, (it) => sent({ all: spoil(it) }))).toEqual(expect.arrayContaining(found));
    }
  });

  test("a loss accounts for its path and what lies in it, and for nothing else", async () => {
    const without = ({ messages: _, ...rest }: JsonObject): JsonObject => rest;
    const losing =
      (path: string) =>
      (it: JsonObject): Outcome => ({
        ...sent(without(it)),
        losses: [{ path, feature: "test", action: "dropped" as const }],
      });
    expect(await silentLosses(body, losing("messages"))).toEqual([]);
    expect(await silentLosses(body, losing("messages[0]"))).toEqual([
      "messages[1].content (its words)",
      "messages[1].role (nothing changes without it)",
    ]);
  });
});
