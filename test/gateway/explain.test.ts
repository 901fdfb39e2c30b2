/**
 * What `x-amazon-chat-explain` shows is what an upstream receives, for every kind of request of the golden cases and every
 * upstream dialect, over HTTP; what it costs is what the answer's header says, and what the strict header refuses.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { converse, converseStream } from "../fakes/converse.ts";
import { claudeTextEvents, invoke, invokeStream, titanTextChunks } from "../fakes/invoke.ts";
import { completion, openaiStream, textEvents } from "../fakes/openai.ts";
import { json } from "../fakes/http.ts";
import { type Exchange, type Script, startWire, type Wire } from "../fakes/wire.ts";
import { cases, models } from "../golden/cases.ts";
import { awsKeys, type Gateway, startGateway } from "../traffic/gateway.ts";

let wire: Wire;
let gateway: Gateway;
beforeAll(async () => {
  wire = startWire(answer);
  // Three in flight for each case: nothing here is to wait for a place.
  gateway = await startGateway(wire.url, { env: { OPENAI_ORGANIZATION: "org-1" } });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  wire.stop();
});

/** Whatever was asked, in the manner of the operation. */
function answer({ target, body }: Exchange): Script {
  const titan = target.includes("titan");
  if (target.endsWith("/converse")) return converse({ content: [{ text: "Yes." }] });
  if (target.endsWith("/converse-stream")) return converseStream({ content: [{ text: "Yes." }] });
  if (target.endsWith("/invoke-with-response-stream"))
    return invokeStream(titan ? titanTextChunks(["Yes."]) : claudeTextEvents(["Yes."]));
  if (target.endsWith("/invoke")) return invoke(titan ? titanAnswer : claudeAnswer);
  return JSON.parse(new TextDecoder().decode(body)).stream === true
    ? openaiStream(textEvents(["Yes."]))
    : json(completion({ message: { content: "Yes." } }));
}
const titanAnswer = {
  inputTextTokenCount: 5,
  results: [{ tokenCount: 2, outputText: "Yes.", completionReason: "FINISH" }],
};
const claudeAnswer = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [{ type: "text", text: "Yes." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 2 },
};

type Explained = {
  plan: { request: string; upstream: string; to_upstream: string };
  upstream: { method: string; url: string; headers: Record<string, string>; stream: boolean; body: unknown };
  losses: { path: string; action: string }[];
  losses_header: string;
};

const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** Secrets, and what only the sending of bytes knows. */
const sendersOwn = new Set([
  ...["authorization", "x-amz-date", "x-amz-content-sha256"],
  ...["host", "connection", "content-length", "accept-encoding"],
]);

const seen = new Map<string, number>();

describe.each(models)("explain for %s", (model) => {
  // What stands at a URL would have to be fetched from the network.
  const offline = cases.filter(({ body }) => !JSON.stringify(body).includes('"https://'));
  test.each(offline.map((one) => [one.name, one.body] as const))("%s", async (_, body) => {
    const before = wire.seen.length;
    const told = await ask({ ...body, model }, { "x-amazon-chat-explain": "true" });
    expect(wire.seen).toHaveLength(before);
    if (told.status !== 200) {
      const refused = await ask({ ...body, model });
      expect(refused.status).toBe(told.status);
      expect(await refused.json()).toEqual(await told.json());
      expect(wire.seen).toHaveLength(before);
      return;
    }
    const text = await told.text();
    for (const secret of ["sk-upstream", awsKeys.id, awsKeys.secret]) expect(text).not.toContain(secret);
    const explained: Explained = JSON.parse(text);
    const { plan, upstream, losses } = explained;

    const answered = await ask({ ...body, model });
    expect(answered.status).toBe(200);
    await answered.text();
    const [received, ...more] = wire.seen.slice(before);
    expect(more).toEqual([]);
    expect(received?.method).toBe(upstream.method);
    expect(`${wire.url}${received?.target}`).toBe(upstream.url);
    expect(JSON.parse(new TextDecoder().decode(received?.body))).toEqual(upstream.body);
    const own = Object.entries(received?.headers ?? {}).filter(([name]) => !sendersOwn.has(name));
    expect(upstream.headers).toMatchObject(Object.fromEntries(own));
    for (const [name, value] of Object.entries(upstream.headers))
      if (value !== "***") expect(received?.headers[name], name).toBe(value);
    expect(upstream.headers["authorization"]).toBe("***");
    expect(answered.headers.get("x-amazon-chat-losses") ?? "").toBe(explained.losses_header);

    const strict = await ask({ ...body, model }, { "x-amazon-chat-strict": "true" });
    const strictText = await strict.text();
    expect(strict.status).toBe(losses.length > 0 ? 400 : 200);
    if (losses.length > 0) {
      expect(wire.seen).toHaveLength(before + 1);
      const { message } = JSON.parse(strictText).error;
      for (const { path } of losses) expect(message).toContain(path.slice(0, 100));
    }
    const kind = `${plan.request} to ${plan.upstream}, ${plan.to_upstream}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
  });
});

test.each([false, true])("a caller's own keys cannot break the header of losses (stream: %p)", async (stream) => {
  const odd = { "a\r\nset-cookie: b=c": 1, ключ: 2, "x,y;z": 3 };
  const messages = [{ role: "user", content: "Hi" }];
  const answered = await ask({ model: "amazon.nova-pro-v1:0", stream, messages, ...odd });
  expect(answered.status).toBe(200);
  expect(answered.headers.get("set-cookie")).toBeNull();
  expect(answered.headers.get("x-amazon-chat-losses")).toBe(
    "a%0D%0Aset-cookie: b=c,%D0%BA%D0%BB%D1%8E%D1%87,x%2Cy%3Bz",
  );
  await answered.text();
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key${i}`, 1]));
  const short = await ask({ model: "amazon.nova-pro-v1:0", stream, messages, ...many });
  expect(short.headers.get("x-amazon-chat-losses")).toMatch(/,\+\d+ more$/);
  await short.text();
});

test("every dialect has gone to every upstream, verbatim and translated", () => {
  const kinds = [...seen.keys()].sort();
  expect(kinds).toEqual([
    "bedrock_claude to bedrock_claude, verbatim",
    "bedrock_claude to bedrock_converse, translate",
    "bedrock_claude to bedrock_titan, translate",
    "bedrock_claude to openai, translate",
    "bedrock_titan to bedrock_converse, translate",
    "bedrock_titan to bedrock_titan, verbatim",
    "bedrock_titan to openai, translate",
    "openai to bedrock_converse, translate",
    "openai to bedrock_titan, translate",
    "openai to openai, verbatim",
  ]);
  for (const [kind, count] of seen) expect(count, kind).toBeGreaterThanOrEqual(2);
});
