/** Promises of SECURITY.md that a whole gateway must keep; the others name their tests there. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { amazonChat } from "../cli/spawn.ts";
import { completion, openaiError } from "../fakes/openai.ts";
import { json } from "../fakes/http.ts";
import { startWire, type Wire } from "../fakes/wire.ts";
import { awsKeys, type Gateway, startGateway } from "../traffic/gateway.ts";
import { root } from "../readme/blocks.ts";
import { join } from "node:path";

const canaries = {
  prompt: "CANARY-PROMPT",
  answer: "CANARY-ANSWER",
  callersKey: "CANARY-CALLERS-KEY",
  wrongKey: "CANARY-WRONG-KEY",
  upstreamKey: "CANARY-UPSTREAM-KEY",
  upstreamCookie: "CANARY-COOKIE",
  cookie: "CANARY-CALLERS-COOKIE",
};

let wire: Wire;
let gateway: Gateway;
beforeAll(async () => {
  wire = startWire(({ body }) => {
    const { user } = JSON.parse(new TextDecoder().decode(body)) as { user?: string };
    if (user === "fails") return openaiError(500, { message: "broken", type: "server_error", param: null, code: null });
    return json(completion({ message: { content: canaries.answer } }), {
      headers: {
        "set-cookie": `session=${canaries.upstreamCookie}`,
        "openai-organization": "org-secret",
        server: "upstream",
        "x-internal": "1",
      },
    });
  });
  gateway = await startGateway(wire.url, {
    args: ["--log-level", "debug", "--log-format", "json"],
    env: { API_KEY: canaries.callersKey, OPENAI_API_KEY: canaries.upstreamKey, MAX_RETRIES: "0" },
  });
});
afterAll(async () => {
  await gateway.stop();
  wire.stop();
});

const ask = (body: object, key: string = canaries.callersKey): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${key}`,
      cookie: canaries.cookie,
      "x-forwarded-for": "203.0.113.9",
    },
    body: JSON.stringify(body),
  });
const messages = [{ role: "user", content: canaries.prompt }];

describe("a whole gateway", () => {
  test("writes no key, prompt or answer into its log, and no key into an answer", async () => {
    const answers = await Promise.all([
      ask({ model: "gpt-4o", messages }),
      ask({ model: "gpt-4o", messages, user: "fails" }),
      ask({ model: "gpt-4o", messages, tools: canaries.prompt }),
      ask({ model: "nobody-knows", messages }),
      ask({ model: "gpt-4o", messages: canaries.prompt }),
      ask({ model: "gpt-4o", messages }, canaries.wrongKey),
    ]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(texts.join("")).toContain(canaries.answer);
    for (const secret of [canaries.callersKey, canaries.wrongKey, canaries.upstreamKey, awsKeys.secret]) {
      expect(texts.join("\n")).not.toContain(secret);
    }
    const ids = answers.slice(0, 5).map(({ headers }) => headers.get("x-request-id") ?? "none");
    // Log lines go out in batches.
    while (!ids.every((id) => gateway.log().includes(id))) await Bun.sleep(5);
    expect(gateway.log()).toContain("request_id");
    for (const secret of [...Object.values(canaries), awsKeys.secret, awsKeys.id]) {
      expect(gateway.log()).not.toContain(secret);
    }
  });

  test("hands none of the caller's headers upstream, and none of the upstream's back", async () => {
    const answer = await ask({ model: "gpt-4o", messages });
    const seen = wire.seen.at(-1)?.headers ?? {};
    expect(seen["authorization"]).toBe(`Bearer ${canaries.upstreamKey}`);
    expect(JSON.stringify(seen)).not.toMatch(/CALLERS|203\.0\.113\.9/);
    for (const name of ["set-cookie", "openai-organization", "server", "x-internal"]) {
      expect(answer.headers.get(name), name).toBeNull();
    }
  });
});

test("beyond this machine it does not listen without a key", async () => {
  for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
    const { exit, err } = await amazonChat(["serve", "--demo", "--host", host, "--port", "0"]);
    expect(exit).toBe(2);
    expect(err).toContain(`Refusing to listen on ${host} without a key`);
  }
});

test("every test that SECURITY.md names is there", async () => {
  const text = await Bun.file(join(root, "SECURITY.md")).text();
  const named = [...text.matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(8);
  for (const path of named) expect(await Bun.file(join(root, path)).exists(), path).toBe(true);
});
