import { afterEach, describe, expect, test } from "bun:test";
import { GatewayError } from "../../../src/core/error.ts";
import { factsOnOpenAI } from "../../../src/core/models.ts";
import { openaiProvider, type OpenAISettings } from "../../../src/providers/openai/index.ts";
import type { Call } from "../../../src/providers/provider.ts";
import { json, whole } from "../../fakes/http.ts";
import { sseHead } from "../../fakes/openai.ts";
import { startWire, type Exchange, type Script, type Wire } from "../../fakes/wire.ts";

const open: Wire[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});

function upstream(answer: (exchange: Exchange) => Script): Wire {
  const wire = startWire(answer);
  open.push(wire);
  return wire;
}

function provider(wire: Wire, more: Partial<OpenAISettings> = {}) {
  const connect = { timeout: 5_000, proxied: false };
  return openaiProvider({ baseUrl: `${wire.url}/v1`, apiKey: "sk-CANARY", keyNeeded: true, connect, ...more });
}

function call(more: Partial<Call> = {}): Call {
  const facts = factsOnOpenAI("gpt-4o-mini");
  return {
    dialect: "openai",
    model: "gpt-4o-mini",
    facts,
    body: "{}",
    stream: false,
    signal: new AbortController().signal,
    ...more,
  };
}

describe("what goes over the wire", () => {
  test("the bytes as they are, with key, organisation and project", async () => {
    const wire = upstream(() => json({}));
    const body = new TextEncoder().encode('{ "model":"gpt-4o-mini",  "x":"ü" }');
    await provider(wire, { organization: "org-1", project: "proj_1" }).send(call({ body }));
    const [seen] = wire.seen;
    expect([seen?.method, seen?.target]).toEqual(["POST", "/v1/chat/completions"]);
    expect(seen?.body).toEqual(Buffer.from(body));
    expect(seen?.headers).toMatchObject({
      authorization: "Bearer sk-CANARY",
      "content-type": "application/json",
      "openai-organization": "org-1",
      "openai-project": "proj_1",
    });
  });

  test("without a key no authorization is sent", async () => {
    const wire = upstream(() => json({}));
    await provider(wire, { apiKey: undefined, keyNeeded: false }).send(call());
    expect(wire.seen[0]?.headers).not.toHaveProperty("authorization");
    expect(wire.seen[0]?.headers).not.toHaveProperty("openai-organization");
  });

  test("a stream is asked for uncompressed", async () => {
    const wire = upstream(() => json({}));
    await provider(wire).send(call({ stream: true }));
    expect(wire.seen[0]?.headers).toMatchObject({ accept: "text/event-stream", "accept-encoding": "identity" });
  });
});

describe("the answer", () => {
  test("SSE is told from JSON by its content type", async () => {
    const wire = upstream(() => whole(sseHead, "data: {}\n\n"));
    const reply = await provider(wire).send(call({ stream: true }));
    expect([reply.status, reply.framing]).toEqual([200, "sse"]);
    expect(await new Response(reply.body).text()).toBe("data: {}\n\n");
  });

  test("T-49 an error of a streaming call is JSON; status and headers are the upstream's", async () => {
    const wire = upstream(() =>
      json({ error: { message: "slow down" } }, { status: 429, headers: { "retry-after": "7" } }),
    );
    const reply = await provider(wire).send(call({ stream: true }));
    expect([reply.status, reply.framing, reply.headers.get("retry-after")]).toEqual([429, "json", "7"]);
  });

  test("no connection is a GatewayError without the key", async () => {
    const lost = upstream(() => [{ then: "reset" }]);
    const error = await provider(lost)
      .send(call())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatewayError);
    expect(String(error)).not.toContain("CANARY");
  });
});

test("problem: a key is needed for OpenAI's own API, not for a compatible server", () => {
  const wire = upstream(() => json({}));
  expect(provider(wire, { apiKey: undefined }).problem()).toBe("OPENAI_API_KEY is not set.");
  expect(provider(wire, { apiKey: undefined, keyNeeded: false }).problem()).toBeUndefined();
  expect(provider(wire).problem()).toBeUndefined();
});

test("mapping G.7: a query of the base URL stays behind the path (Azure)", async () => {
  const wire = upstream(() => json({ data: [] }));
  const azure = provider(wire, { baseUrl: `${wire.url}/openai/deployments/mine?api-version=2024-10-21` });
  await azure.send(call());
  await azure.listModels(new AbortController().signal);
  expect(wire.seen.map(({ target }) => target)).toEqual([
    "/openai/deployments/mine/chat/completions?api-version=2024-10-21",
    "/openai/deployments/mine/models?api-version=2024-10-21",
  ]);
  expect(azure.preview?.(call()).url).toBe(
    `${wire.url}/openai/deployments/mine/chat/completions?api-version=2024-10-21`,
  );
});

test("preview shows no secret, not even one in the URL", () => {
  const wire = upstream(() => json({}));
  const shown = provider(wire, { baseUrl: "http://user:CANARY@localhost:1/v1" }).preview?.(call());
  expect(shown?.url).toBe("http://localhost:1/v1/chat/completions");
  expect(shown?.headers["authorization"]).toBe("***");
  expect(JSON.stringify(shown)).not.toContain("CANARY");
});

describe("models", () => {
  test("as the server lists them, odd entries left out", async () => {
    const data = [
      { id: "gpt-4o-mini", object: "model", created: 7, owned_by: "system" },
      { id: "llama" },
      { id: "" },
      null,
      "x",
    ];
    const wire = upstream(() => json({ object: "list", data }));
    expect(await provider(wire).listModels(new AbortController().signal)).toEqual([
      { id: "gpt-4o-mini", created: 7, owned_by: "system" },
      { id: "llama", created: 0, owned_by: "openai" },
    ]);
    expect([wire.seen[0]?.target, wire.seen[0]?.headers["authorization"]]).toEqual(["/v1/models", "Bearer sk-CANARY"]);
  });

  test.each<[string, Script]>([
    ["an error", json({ error: { message: "no" } }, { status: 401 })],
    ["HTML", whole({ headers: { "content-type": "text/html" } }, "<html>")],
    ["no list", json({ data: 7 })],
    ["no answer", [{ then: "reset" }]],
  ])("%s is no list", async (_, script) => {
    const wire = upstream(() => script);
    const failed = provider(wire).listModels(new AbortController().signal);
    expect(await failed.catch((thrown: unknown) => thrown)).toBeInstanceOf(GatewayError);
  });
});
