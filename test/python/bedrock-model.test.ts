/** What goes to Bedrock is what AWS's published service model says of it: no invalid value, no unknown member. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../src/core/json.ts";
import { cases } from "../golden/cases.ts";
import { through } from "../laws/through.ts";
import { testNeeding } from "../needs.ts";
import { isObject, readRecordings, trafficDirectory } from "../traffic/recordings.ts";
import { pythonWith } from "./interpreter.ts";
import { bedrockModels } from "../golden/families.ts";

type Asked = { from: string; operation: string; model: string; params: JsonObject; headers: JsonObject };

const python = pythonOfToday();
const directory = trafficDirectory();

/** A Python whose botocore is at least the listed one: an older model does not know this year's members. */
function pythonOfToday(): ReturnType<typeof pythonWith> {
  const found = pythonWith("botocore");
  if (found.path === undefined) return found;
  const list = readFileSync(join(import.meta.dir, "requirements.txt"), "utf8");
  const wanted = /^botocore==(\S+)$/m.exec(list)?.[1] ?? "";
  const child = Bun.spawnSync([found.path, "-c", "import botocore; print(botocore.__version__)"]);
  const own = child.stdout.toString().trim();
  return Bun.semver.order(own, wanted) >= 0
    ? found
    : { path: undefined, missing: `no botocore ${wanted}, only ${own}` };
}

/** Each body to each model; those that are refused before a call are not among them. */
async function askedOf(bodies: readonly { name: string; body: JsonObject }[]): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const { name, body } of bodies) {
    for (const model of bedrockModels) {
      const outcome = await through({ ...body, model });
      if (outcome.refused) continue;
      const stream = outcome.stream;
      const from = `${name} for ${model}`;
      if (outcome.to === "bedrock_converse") {
        const operation = stream ? "ConverseStream" : "Converse";
        asked.push({ from, operation, model, params: outcome.body, headers: {} });
      } else {
        const operation = stream ? "InvokeModelWithResponseStream" : "InvokeModel";
        const params = { body: Buffer.from(JSON.stringify(outcome.body)).toString("base64") };
        asked.push({ from, operation, model, params, headers: ownHeaders(outcome.headers) });
      }
    }
  }
  return asked;
}

/** The members that travel as headers; the others are the transport's. */
function ownHeaders(headers: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-amzn-bedrock-")));
}

/** The faults of every request, in its order. */
async function judged(asked: readonly Asked[]): Promise<string[][]> {
  const child = Bun.spawn([python.path ?? "", join(import.meta.dir, "bedrock_model.py")], {
    stdin: new Blob(asked.map((one) => `${JSON.stringify(one)}\n`)),
    stderr: "pipe",
  });
  const texts = [new Response(child.stdout).text(), new Response(child.stderr).text()] as const;
  const [out, err, exit] = await Promise.all([...texts, child.exited]);
  if (exit !== 0) throw new Error(err);
  return JSON.parse(out);
}

async function expectValid(bodies: readonly { name: string; body: JsonObject }[], fewest: number): Promise<void> {
  const asked = await askedOf(bodies);
  const faults = await judged(asked);
  const wrong = asked.flatMap(({ from }, i) => (faults[i] ?? []).map((fault) => `${from}: ${fault}`));
  expect(wrong).toEqual([]);
  const converse = asked.filter(({ operation }) => operation.startsWith("Converse"));
  expect(faults).toHaveLength(asked.length);
  expect(converse.length).toBeGreaterThan(fewest);
}

function recorded(): { name: string; body: JsonObject }[] {
  const callers = [
    "openai/chat.completions",
    "bedrock/InvokeModel",
    "bedrock/InvokeModelWithResponseStream",
    "anthropic/messages",
  ] as const;
  return callers.flatMap((folder) =>
    readRecordings(directory ?? "", folder).flatMap(({ file, request }) => {
      if (!isObject(request.body)) return [];
      const version = folder === "anthropic/messages" ? { anthropic_version: "bedrock-2023-05-31" } : {};
      return [{ name: file, body: { ...version, ...request.body } }];
    }),
  );
}

describe("botocore's service model", () => {
  testNeeding(
    python.missing,
    "finds what Bedrock refuses",
    async () => {
      const base = { from: "", operation: "Converse", model: "m", headers: {} };
      const user = { role: "user", content: [{ text: "Hi" }] };
      const asked: Asked[] = [
        { ...base, params: { messages: [user] } },
        { ...base, params: { messages: [user], invented: 1 } },
        { ...base, params: { messages: [{ role: "boss", content: [{ text: "Hi" }] }] } },
        {
          ...base,
          params: {
            messages: [user],
            toolConfig: { tools: [{ toolSpec: { name: "a b", inputSchema: { json: {} } } }] },
          },
        },
        { ...base, params: { messages: [user], inferenceConfig: { temperature: 1.5 } } },
        {
          ...base,
          params: { messages: [{ role: "user", content: [{ image: { format: "png", source: { bytes: "%" } } }] }] },
        },
        { ...base, operation: "InvokeModel", params: { body: "e30=" }, headers: { "x-amzn-bedrock-invented": "1" } },
      ];
      const faults = await judged(asked);
      expect(faults[0]).toEqual([]);
      expect(faults.slice(1).map((one) => one.length)).toEqual([1, 1, 1, 1, 1, 1]);
    },
    60_000,
  );

  testNeeding(
    python.missing,
    "takes every request of the golden cases, 0 invalid, 0 unknown members",
    () => expectValid(cases, 1000),
    60_000,
  );

  const missing = python.missing ?? (directory === undefined ? "no recordings here" : undefined);
  if (directory === undefined) test.skip("takes every recorded request (skipped: no recordings here)", () => undefined);
  else
    testNeeding(
      missing,
      "takes every recorded request to every family, 0 invalid, 0 unknown members",
      () => expectValid(recorded(), 8000),
      120_000,
    );
});
