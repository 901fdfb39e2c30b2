import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../src/core/error.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";
import type { Encoded, Loss } from "../../src/core/loss.ts";
import { factsOnBedrock, factsOnOpenAI, type ModelFacts } from "../../src/core/models.ts";
import { parseTranscript } from "../../src/dialects/bedrock_titan/transcript.ts";
import { dialect } from "../../src/dialects/registry.ts";
import { requestsOf } from "../dialects/fixtures.ts";
import { leaves } from "./leaves.ts";

const onBedrock = (id: string): ModelFacts => factsOnBedrock(id, id);

const upstreams: readonly [string, ModelFacts][] = [
  ["openai", factsOnOpenAI("gpt-4o")],
  ["bedrock_converse", onBedrock("anthropic.claude-3-5-sonnet-20241022-v2:0")],
  ["bedrock_converse", onBedrock("anthropic.claude-opus-4-6-v1")],
  ["bedrock_converse", onBedrock("amazon.nova-lite-v1:0")],
  ["bedrock_converse", onBedrock("meta.llama3-3-70b-instruct-v1:0")],
  ["bedrock_converse", onBedrock("mistral.mistral-large-2407-v1:0")],
  ["bedrock_titan", onBedrock("amazon.titan-text-express-v1")],
];

/** What the upstream says in its own words or in its URL (mapping 0.13): the short list of renamed keys. */
const renamed: readonly RegExp[] = [
  /^(?:model|stream|anthropic_version)$/,
  /^stream_options\.include_usage$/,
  /\.role$/,
  // `type` says which of a format's shapes an object has; data URLs and formats say what `media_type` said.
  /\.type$/,
  /\.media_type$/,
  // No model sees the label of a schema.
  /^response_format\.json_schema\.name$/,
  // A model's own structured output is always strict; where it has none, the loss is looked for by name below.
  /^response_format\.json_schema\.strict$/,
  // OpenAI says the opposite: parallel_tool_calls.
  /^tool_choice\.disable_parallel_tool_use$/,
];
/** Ids are mapped back where a model wants them short. */
const toolIds = /(?:tool_calls\[\d+\]|content\[\d+\])\.id$|\.tool_(?:call|use)_id$/;
/** Values equal to the default. */
const defaults: Readonly<Record<string, Json>> = {
  n: 1,
  logprobs: false,
  store: false,
  "modalities[0]": "text",
  tool_choice: "auto",
};

function encodeFor(from: string, to: string, facts: ModelFacts, body: JsonObject): Encoded<JsonObject> {
  const request = dialect(from).request.decode(body);
  const left = dialect(from).request.leave(request, facts);
  const encoded = dialect(to).request.encode(request, facts);
  return { ...encoded, losses: [...left, ...encoded.losses] };
}

/** Leaves of a body that nobody accounts for: neither upstream nor a loss nor renamed. */
function unaccounted(body: JsonObject, { value, losses, memo }: Encoded<JsonObject>, facts: ModelFacts): string[] {
  const sent = leaves(value).flatMap((leaf) => [String(leaf.value), ...insideJson(leaf.value)]);
  const all = [...sent, ...(memo?.stop ?? [])].join("\u0000");
  const arrived = (leaf: string | number | boolean): boolean =>
    typeof leaf === "string" ? partsOf(leaf).every((part) => all.includes(part)) : sent.includes(String(leaf));
  return leaves(body)
    .filter(({ path }) => !renamed.some((pattern) => pattern.test(path)))
    .filter(({ path }) => !(facts.shortToolIds && toolIds.test(path)))
    .filter((leaf) => defaults[leaf.path] !== leaf.value)
    .filter(({ path }) => !losses.some((loss) => covers(loss, path)))
    .filter((leaf) => !arrived(leaf.value))
    .map(({ path }) => path);
}

/** A loss accounts for its path and everything in it; `temperature>1` names a value. */
function covers(loss: Loss, path: string): boolean {
  const lost = loss.path.replace(/[<>].*/, "");
  return path === lost || path.startsWith(`${lost}.`) || path.startsWith(`${lost}[`);
}

/** A text may travel in parts: JSON text as an object, a transcript as turns, a data URL as bytes. */
function partsOf(text: string): string[] {
  if (text.startsWith("data:")) return [text.slice(text.indexOf(",") + 1)];
  return text.startsWith("{") ? insideJson(text) : parseTranscript(text).map((turn) => turn.text.trim());
}

function insideJson(text: Json): string[] {
  if (typeof text !== "string" || !text.startsWith("{")) return [];
  const parsed: unknown = JSON.parse(text);
  return isObject(parsed) ? leaves(parsed).map(({ value }) => String(value)) : [];
}

describe("law accounting: what the caller wrote arrives, is a loss, or was refused", () => {
  for (const from of ["openai", "bedrock_claude", "bedrock_titan"]) {
    for (const { name, body } of requestsOf(from)) {
      for (const [to, facts] of upstreams) {
        if (to === from) continue;
        test(`${from} ${name} for ${facts.base}`, () => {
          let encoded: Encoded<JsonObject>;
          try {
            encoded = encodeFor(from, to, facts, body);
          } catch (thrown) {
            if (!(thrown instanceof GatewayError)) throw thrown;
            expect([thrown.status, typeof thrown.param]).toEqual([400, "string"]);
            return;
          }
          expect(unaccounted(body, encoded, facts)).toEqual([]);
        });
      }
    }
  }

  test("strictness is a loss where the model has no structured output of its own", () => {
    const body = requestsOf("openai").find(({ name }) => name === "structured")?.body ?? {};
    const { losses } = encodeFor("openai", "bedrock_converse", onBedrock("amazon.nova-lite-v1:0"), body);
    expect(losses.map(({ path }) => path)).toContain("response_format.json_schema.strict");
  });

  test("something does arrive", () => {
    const arrived = ["openai", "bedrock_claude", "bedrock_titan"].flatMap((from) =>
      requestsOf(from).flatMap(({ body }) =>
        upstreams.filter(([to, facts]) => {
          try {
            return to !== from && encodeFor(from, to, facts, body);
          } catch {
            return false;
          }
        }),
      ),
    );
    expect(arrived.length).toBeGreaterThan(50);
  });
});
