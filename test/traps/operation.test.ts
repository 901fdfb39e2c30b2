import { heapStats } from "bun:jsc";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { converse, converseStream } from "../fakes/converse.ts";
import { json } from "../fakes/http.ts";
import { completion } from "../fakes/openai.ts";
import { startSts } from "../fakes/sts.ts";
import type { Exchange, Script } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { openBetween } from "./gateway.ts";

const messages = [{ role: "user", content: "Hi" }];
const nova = "us.amazon.nova-lite-v1:0";
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function open(...given: Parameters<typeof openBetween>): ReturnType<typeof openBetween> {
  const between = openBetween(...given);
  cleanups.push(between.stop);
  return between;
}

const answers = ({ target, body }: Exchange): Script => {
  const ok = { content: [{ text: "ok" }] };
  if (target.includes("/chat/completions")) return json(completion({ message: { content: "ok" } }));
  return target.endsWith("-stream") || body.length === 0 ? converseStream(ok) : converse(ok);
};

describe("T-77 while one caller waits for credentials, the others are served", () => {
  /** Bedrock's caller waits until OpenAI's has been answered: a lookup that blocks would keep both for ever. */
  async function servedMeanwhile(bedrock: Parameters<typeof openBetween>[1], letGo: () => void): Promise<void> {
    const between = open(answers, bedrock);
    let settled = false;
    const waiting = between.ask({ model: nova, messages }).finally(() => (settled = true));
    const other = await between.ask({ model: "gpt-4o", messages });
    expect([other.status, settled]).toEqual([200, false]);
    letGo();
    expect((await waiting).status).toBe(200);
  }

  test("a role that STS is slow to give", async () => {
    const { promise: gate, resolve } = Promise.withResolvers<void>();
    const sts = startSts(async () => {
      await gate;
      return { expiresAt: Date.now() + 3_600_000 };
    });
    cleanups.push(sts.stop);
    const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
    const auth = { ...keys, roleArn: "arn:aws:iam::123456789012:role/MyRole" };
    await servedMeanwhile({ bedrock: { auth, endpoints: { sts: sts.url, fips: false } } }, resolve);
    expect(sts.calls).toHaveLength(1);
  });

  test("a program that prints the keys when it likes (credential_process)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "amazon-chat-"));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const gate = join(folder, "gate");
    const program = join(folder, "keys.sh");
    writeFileSync(
      program,
      `while [ ! -f ${gate} ]; do sleep 0.02; done\necho '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"secret"}'\n`,
    );
    const config = join(folder, "config");
    writeFileSync(config, `[profile slow]\ncredential_process = sh ${program}\n`);
    await servedMeanwhile(
      { bedrock: { auth: { profile: "slow" }, files: { config, credentials: join(folder, "none") } } },
      () => writeFileSync(gate, ""),
    );
  });
});

describe("T-81 a server that has served much is as it was", () => {
  const objects = (): number => {
    Bun.gc(true);
    return heapStats().objectCount;
  };

  /** Objects that a round of requests left behind, at the least: a leak grows in every round, what else lives here does not. */
  async function left(size: number, body: (n: number) => unknown): Promise<number> {
    const between = open(answers);
    const ask = async (n: number): Promise<void> => {
      await between.ask(body(n));
      // The upstream here remembers every request; the gateway must not.
      between.wire.seen.length = 0;
    };
    const counts: number[] = [];
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < size; n++) await ask(round * size + n);
      counts.push(objects());
    }
    return Math.min(...counts.slice(1).map((count, i) => count - (counts[i] ?? 0)));
  }

  test("nothing of a request stays: whole, streamed, failed", async () => {
    const kinds = [
      { model: nova, messages },
      { model: nova, messages, stream: true },
      { model: "gpt-4o", messages },
      { model: "no-such-model", messages },
    ];
    expect(await left(600, (n) => kinds[n % kinds.length])).toBeLessThan(600);
  }, 60_000);

  test("ids that callers invent fill no memory", async () => {
    // Past the thousand that are remembered, so that both counts are of a memory that was full.
    const more = await left(2000, (n) => ({ model: `us.amazon.invented-${n}-v1:0`, messages }));
    expect(more).toBeLessThan(1000);
  }, 60_000);
});

describe("T-83 without a key nothing but health and pages is shown", () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway("http://127.0.0.1:1", { env: { API_KEY: "callers-key" } });
  });
  afterAll(() => gateway.stop());

  const open = ["/health", "/health/ready"];
  /** The documentation holds no secret and no data. */
  const pages = ["/", "/docs", "/redoc", "/openapi.json"];
  const ask = (method: string, path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${gateway.url}${path}`, { method, headers, redirect: "manual", ...(method === "POST" && { body: "{}" }) });

  test.each(["GET", "POST", "PUT", "DELETE", "PATCH"])("%s to any path", async (method) => {
    const documented = Object.keys((await (await ask("GET", "/openapi.json")).json()).paths);
    expect(documented.length).toBeGreaterThan(4);
    const paths = [
      ...documented.map((path) => path.replace("{model}", "gpt-4o")),
      "/metrics",
      "/admin",
      "/v1/x",
      "/debug",
    ];
    for (const path of paths) {
      const { status } = await ask(method, path);
      if (open.includes(path)) expect([method, path, [200, 405, 503].includes(status)]).toEqual([method, path, true]);
      else if (!(method === "GET" && pages.includes(path))) expect([method, path, status]).toEqual([method, path, 401]);
    }
  });

  test("a wrong key is none; the right one opens, in any of the three headers", async () => {
    expect((await ask("GET", "/v1/chat/completions/health", { authorization: "Bearer other" })).status).toBe(401);
    for (const headers of [
      { authorization: "Bearer callers-key" },
      { "x-api-key": "callers-key" },
      { "api-key": "callers-key" },
    ] as const)
      expect((await ask("GET", "/v1/chat/completions/health", { ...headers })).status).toBe(200);
  });

  test("health says no more than that", async () => {
    for (const path of open) {
      const body = await (await ask("GET", path)).json();
      expect(Object.keys(body).filter((key) => !["status", "version", "reason"].includes(key))).toEqual([]);
    }
  });
});
