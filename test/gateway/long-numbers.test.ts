// Ids of 18 digits and the bounds of 64-bit integers: no double holds them, and they must come through as they are.
import { afterEach, expect, test } from "bun:test";
import { isObject, parseExact, rounded } from "../../src/core/json.ts";
import { look } from "../../src/dialects/look.ts";
import { readers } from "../../src/dialects/read.ts";
import { converse } from "../fakes/converse.ts";
import { completion } from "../fakes/openai.ts";
import { json } from "../fakes/http.ts";
import { invokeStream } from "../fakes/invoke.ts";
import type { Script } from "../fakes/wire.ts";
import { openBetween, type Between } from "../traps/gateway.ts";

const claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const snowflake = "175928847299117063";
const most = "9223372036854775807";

let between: Between | undefined;
afterEach(() => between?.stop());

/** Asks with a body given as text; gives what went up and what came down. */
async function through(body: string, answer: Script, target?: string) {
  between = openBetween(() => answer);
  const told = await between.ask(parseExact(body), target === undefined ? {} : { target });
  return { told, up: Buffer.from(between.wire.seen[0]?.body ?? "").toString() };
}

const tools = `[{"type":"function","function":{"name":"find","parameters":{"type":"object","properties":{"id":{"type":"integer","maximum":${most}}}}}}]`;

test.each(["", ',"note":"\\\\ud800"'])("OpenAI to Converse: arguments and schema%s", async (more) => {
  const call = `{"id":"c1","type":"function","function":{"name":"find","arguments":"{\\"id\\":${snowflake}${more.replaceAll('"', '\\"')}}"}}`;
  const body = `{"model":"${claude}","seed":123456789012345678901,"tools":${tools},"messages":[
    {"role":"user","content":"Who?"},{"role":"assistant","tool_calls":[${call}]},
    {"role":"tool","tool_call_id":"c1","content":"Ann"}]}`;
  const { told, up } = await through(body, converse({ content: [{ text: "Ann." }] }));
  expect(told.status).toBe(200);
  expect(up).toContain(`"input":{"id":${snowflake}`);
  expect(up).toContain(`"maximum":${most}`);
});

test("a schema that is closed and told as text", async () => {
  const schema = `{"type":"object","properties":{"id":{"type":"integer","maximum":${most}}},"required":["id"],"additionalProperties":false}`;
  const format = `{"type":"json_schema","json_schema":{"name":"one","strict":true,"schema":${schema}}}`;
  const body = `{"model":"${claude}","response_format":${format},"messages":[{"role":"user","content":"One."}]}`;
  const { told, up } = await through(body, converse({ content: [{ text: "{}" }] }));
  expect(told.status).toBe(200);
  expect(up).toContain(most);
  expect(up).not.toContain("rawJSON");
});

test("Claude's format to Converse", async () => {
  const body = `{"model":"us.amazon.nova-pro-v1:0","anthropic_version":"bedrock-2023-05-31","max_tokens":9,
    "tools":[{"name":"find","input_schema":{"type":"object","properties":{"id":{"maximum":${most}}}}}],"messages":[
    {"role":"user","content":"Who?"},
    {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"find","input":{"id":${snowflake}}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"Ann"}]}]}`;
  const { told, up } = await through(body, converse({ content: [{ text: "Ann." }] }));
  expect(told.status).toBe(200);
  expect(up).toContain(`"input":{"id":${snowflake}}`);
  expect(up).toContain(`"maximum":${most}`);
});

const asksForTool = `"tools":${tools},"messages":[{"role":"user","content":"Find it."}]`;

test.each([
  ["openai", `"arguments":"{\\"id\\":${snowflake}}"`],
  ["bedrock_claude", `"input":{"id":${snowflake}}`],
])("Converse's answer to %s", async (target, wanted) => {
  const input = parseExact(`{"id":${snowflake}}`);
  const content = [{ toolUse: { toolUseId: "t1", name: "find", input } }];
  const answer = json({
    output: { message: { role: "assistant", content } },
    stopReason: "tool_use",
    usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
  });
  const { told } = await through(`{"model":"${claude}",${asksForTool}}`, answer, target);
  expect(told.text).toContain(wanted);
});

test("OpenAI's answer to Claude's format", async () => {
  const call = { id: "c1", type: "function", function: { name: "find", arguments: `{"id":${snowflake}}` } };
  const answer = json(completion({ message: { content: null, tool_calls: [call] }, finishReason: "tool_calls" }));
  const { told } = await through(`{"model":"gpt-4o",${asksForTool}}`, answer, "bedrock_claude");
  expect(told.text).toContain(`"input":{"id":${snowflake}}`);
});

test.each([true, false])("Claude's stream, whose block starts with the whole input: %p", async (whole) => {
  const given = parseExact(`{"id":${snowflake}}`);
  const block = { type: "tool_use", id: "t1", name: "find", input: whole ? given : {} };
  const delta = { type: "input_json_delta", partial_json: `{"id":${snowflake}}` };
  const events = [
    { type: "message_start", message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: block },
    ...(whole ? [] : [{ type: "content_block_delta", index: 0, delta }]),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ];
  const body = `{"model":"${claude}","anthropic_version":"bedrock-2023-05-31","max_tokens":9,"stream":true,
    "tools":[{"name":"find","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"Find it."}]}`;
  const { told } = await through(body, invokeStream(events), "openai");
  expect(told.status).toBe(200);
  expect(told.text).toContain(`{\\"id\\":${snowflake}}`);
});

test.each([
  [`{"model":"${claude}","temperature":${most},"messages":[{"role":"user","content":"Hi"}]}`, "'temperature'"],
  [`{"model":"${claude}","user":${most},"messages":[{"role":"user","content":"Hi"}]}`, "but got an integer instead"],
])("a setting is read as a number, wherever it stands: %#", async (body, message) => {
  const { told } = await through(body, converse({ content: [{ text: "Hi" }] }), "openai");
  expect(told.status).toBe(400);
  expect(told.text).toContain(message);
});

test("who reads a number gets one", () => {
  const value = parseExact(`{"n":${most}}`);
  if (!isObject(value)) throw new Error("no object");
  const read = readers();
  expect([read.integer(value["n"], "n"), read.number(value["n"], "n"), look.number(value, "n")]).toEqual(
    Array(3).fill(Number(most)),
  );
  expect(() => read.object(value["n"], "n")).toThrow("expected an object, but got an integer instead");
});

test("exact are whole numbers that a double does not hold; everything else is what JSON.parse gives", () => {
  const text = `{"a":${snowflake},"b":-${most},"c":9007199254740991,"d":0.12345678901234566,"e":1e+21,"f":"1234567890123456789","rawJSON":"1"}`;
  const value = parseExact(text);
  expect(JSON.stringify(value)).toBe(text);
  expect(isObject(value)).toBe(true);
  if (!isObject(value)) throw new Error("no object");
  expect([value["a"], value["rawJSON"], { rawJSON: "1" }].map(isObject)).toEqual([false, false, true]);
  expect(["a", "c", "f"].map((key) => rounded(value[key] ?? null))).toEqual([
    Number(snowflake),
    9007199254740991,
    "1234567890123456789",
  ]);
});
