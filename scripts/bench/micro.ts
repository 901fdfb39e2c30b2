/**
 * What each stage of the hot path costs, alone: plain loops, best of several rounds.
 *
 *   bun run scripts/bench/micro.ts [part of a stage's name]
 */
import { converseMessages } from "../../test/fakes/converse.ts";
import { textEvents } from "../../test/fakes/openai.ts";
import { factsOnBedrock } from "../../src/core/models.ts";
import type { Stage } from "../../src/core/events.ts";
import { dialect } from "../../src/dialects/registry.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { sseText } from "../../src/framing/sse-text.ts";
import { Body } from "../../src/gateway/body.ts";
import { detect } from "../../src/gateway/detect.ts";
import { sha256, sign } from "../../src/providers/bedrock/sign.ts";
import { cases } from "./cases.ts";

const wanted = process.argv[2] ?? "";
const rounds = 9;
const roundMs = 120;

/** The best round's nanoseconds a call, and by `units` where one call does many. */
function measure(name: string, call: () => unknown, units?: { name: string; count: number }): void {
  if (!name.includes(wanted)) return;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const until = Bun.nanoseconds() + roundMs * 1e6;
    const start = Bun.nanoseconds();
    let calls = 0;
    do {
      kept = call();
      calls += 1;
    } while (Bun.nanoseconds() < until);
    best = Math.min(best, (Bun.nanoseconds() - start) / calls);
  }
  const each = units ? `${(best / units.count).toFixed(1)} ns a ${units.name}` : "";
  console.log(`| ${name} | ${(best / 1000).toFixed(2)} µs | ${each} |`);
}

/** Results are kept so that no call is optimised away. */
export let kept: unknown;

console.log("| stage | a call | |\n|---|---:|---:|");

const bodyOf = (name: string): Buffer<ArrayBuffer> =>
  Buffer.from(cases.find((entry) => entry.name.includes(name))?.load.body ?? "{}");
const short = bodyOf("OpenAI → Converse JSON");
const talk = bodyOf("50 turns");
const megabyte = bodyOf("1 MB");
const noHeaders = new Headers();
const facts = factsOnBedrock(
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "anthropic.claude-sonnet-4-5-20250929-v1:0",
);
const { openai, converse } = { openai: dialect("openai"), converse: dialect("bedrock_converse") };
const bytes = (of: Uint8Array): { name: string; count: number } => ({ name: "byte", count: of.length });

for (const [name, body] of [
  ["short", short],
  ["50 turns", talk],
  ["1 MB", megabyte],
] as const) {
  measure(`peek and detect, ${name}`, () => detect(new Body(body, 128), noHeaders), bytes(body));
}
for (const [name, body] of [
  ["short", short],
  ["50 turns", talk],
] as const) {
  measure(`JSON.parse, ${name}`, () => JSON.parse(Buffer.from(body).toString()), bytes(body));
  const parsed = new Body(body, 128).json;
  const asked = openai.request.decode(parsed);
  const wire = JSON.stringify(converse.request.encode(asked, facts).value);
  measure(`decode openai, ${name}`, () => openai.request.decode(parsed), bytes(body));
  measure(`encode converse, ${name}`, () => converse.request.encode(asked, facts), bytes(body));
  measure(`JSON.stringify, ${name}`, () => JSON.stringify(converse.request.encode(asked, facts).value), bytes(body));
  measure(`sha256, ${name}`, () => sha256(wire), bytes(body));
}

const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const unsigned = {
  method: "POST",
  path: "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse",
  headers: { host: "bedrock-runtime.us-east-1.amazonaws.com", "content-type": "application/json" },
  bodyHash: sha256("{}"),
};
measure("sign", () => sign(unsigned, keys, { region: "us-east-1", service: "bedrock" }, Date.now()));

const chunks = 200;
const texts = Array.from({ length: chunks }, () => " zap-");
const aws = Buffer.concat(converseMessages({ content: [{ text: texts.join("") }] }, 4));
const sse = Buffer.concat(textEvents(texts));
const context = { model: "m", created: 1, seed: "abcdefghijklmnopqrstuvwxyz0123456789", includeUsage: true, facts };
const perChunk = { name: "chunk", count: chunks };

/** Everything that one input makes of a new stage. */
function through<In, Out>(stage: Stage<In, Out>, inputs: readonly In[]): Out[] {
  const out: Out[] = [];
  for (const input of inputs) stage.push(input, out);
  stage.end(out);
  return out;
}

const awsFrames = through(awsDecoder(), [aws]);
const sseFrames = through(sseDecoder(), [sse]);
const events = through(converse.stream.decoder(context), awsFrames);
measure("frames of an AWS stream of 200", () => through(awsDecoder(), [aws]), perChunk);
measure("frames of an SSE stream of 200", () => through(sseDecoder(), [sse]), perChunk);
measure("decode converse stream of 200", () => through(converse.stream.decoder(context), awsFrames), perChunk);
measure("decode openai stream of 200", () => through(openai.stream.decoder(context), sseFrames), perChunk);
for (const id of ["openai", "bedrock_claude", "bedrock_titan"] as const) {
  measure(
    `encode ${id} stream of 200`,
    () => through(dialect(id).stream.encoder(context), events).map(sseText).join(""),
    perChunk,
  );
}
