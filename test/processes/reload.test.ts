/** `serve --reload` as real processes: settings change under load, and no caller notices but by the new setting. */
import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { converseMessages, streamHead } from "../fakes/converse.ts";
import { pieces } from "../fakes/http.ts";
import { startWire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { until, workersOf } from "./worker.ts";

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

const body = JSON.stringify({
  model: "us.amazon.nova-lite-v1:0",
  stream: true,
  messages: [{ role: "user", content: "Hi" }],
});

type Stage = { gateway: Gateway; envFile: string; configFile: string };

/** Two workers before an upstream whose streams take 30 × 10 ms, with an env file and a configuration file of their own. */
async function reloading(env: string, config: string): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "reload-"));
  open.push({ stop: () => rmSync(folder, { recursive: true, force: true }) });
  const [envFile, configFile] = [join(folder, "gateway.env"), join(folder, "config.env")];
  writeFileSync(envFile, env);
  writeFileSync(configFile, config);
  const messages = converseMessages({ content: [{ text: "word ".repeat(30) }] }, 5);
  const wire = startWire(() => pieces(streamHead, messages, () => ({ waitMs: 10 })));
  open.push(wire);
  const args = ["--workers", "2", "--reload", "--env-file", envFile, "--config", configFile];
  const gateway = await startGateway(wire.url, { args, env: { LOG_LEVEL: "warning" } });
  open.push(gateway);
  return { gateway, envFile, configFile };
}

/**
 * Asks again and again until told to stop, over kept and over fresh connections. Gives what went wrong. A connection that no
 * process had accepted yet is reset by the kernel when the socket it waits at is closed: `reset` counts these.
 */
function load(
  gateway: Gateway,
  callers: number,
): { stop(): Promise<string[]>; done: () => number; reset: () => number } {
  const wrong: string[] = [];
  let reset = 0;
  let done = 0;
  const end = new AbortController();
  const ask = async (fresh: boolean): Promise<void> => {
    const headers = { "content-type": "application/json", ...(fresh && { connection: "close" }) };
    const request = { method: "POST", headers, body };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, request).catch((error: { code?: string }) => {
      if (error.code !== "ECONNRESET") throw error;
      reset += 1;
    });
    if (!response) return;
    const text = await response.text();
    if (response.status !== 200 || !text.endsWith("data: [DONE]\n\n")) wrong.push(`${response.status} ${text}`);
    done += 1;
  };
  const running = Array.from({ length: callers }, async (_, n) => {
    for (let turn = 0; !end.signal.aborted; turn += 1)
      await ask((n + turn) % 2 === 0).catch((error: unknown) => wrong.push(String(error)));
  });
  return {
    async stop() {
      end.abort();
      await Promise.all(running);
      return wrong;
    },
    done: () => done,
    reset: () => reset,
  };
}

/** The origin that may call, as a worker's answer names it. */
async function allowed(gateway: Gateway): Promise<string> {
  const headers = { origin: "https://new.example", connection: "close" };
  return (await fetch(`${gateway.url}/health`, { headers })).headers.get("access-control-allow-origin") ?? "";
}

/** Waits until none of `old` lives and two others do. */
async function replaced(gateway: Gateway, old: readonly number[]): Promise<void> {
  await until(
    () => {
      const now = workersOf(gateway.pid);
      return now.length === 2 && now.every((pid) => !old.includes(pid));
    },
    20_000,
    () => `workers ${workersOf(gateway.pid).join()}, before ${old.join()}:\n${gateway.log()}`,
  );
}

describe.skipIf(process.platform !== "linux")("--reload (skipped: not Linux)", () => {
  test("the env file, then the configuration file: both workers change, the settings hold, no answer is lost", async () => {
    const { gateway, envFile, configFile } = await reloading("CORS_ORIGIN=https://old.example\n", "");
    const first = workersOf(gateway.pid);
    expect(first).toHaveLength(2);
    expect(await allowed(gateway)).toBe("");
    const traffic = load(gateway, 16);
    await until(
      () => traffic.done() > 16,
      10_000,
      () => "no traffic",
    );

    writeFileSync(envFile, "CORS_ORIGIN=https://new.example\n");
    await replaced(gateway, first);
    const answers = await Promise.all(Array.from({ length: 20 }, () => allowed(gateway)));
    expect(new Set(answers)).toEqual(new Set(["https://new.example"]));

    // As an editor does it: a new file takes the old one's name.
    const second = workersOf(gateway.pid);
    writeFileSync(`${configFile}.new`, "MAX_TOOLS=1\n");
    renameSync(`${configFile}.new`, configFile);
    await replaced(gateway, second);
    const tool = (name: string) => ({ type: "function", function: { name, parameters: { type: "object" } } });
    const tools = { ...JSON.parse(body), tools: [tool("a"), tool("b")] };
    const refused = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(tools) });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("tools");

    const before = traffic.done();
    await until(
      () => traffic.done() > before + 16,
      10_000,
      () => "the traffic stands still",
    );
    expect(await traffic.stop()).toEqual([]);
    expect(traffic.reset()).toBeLessThan(3);
  }, 60_000);

  test("a slip in the file is told with its remedy, and the workers serve on", async () => {
    const { gateway, envFile } = await reloading("", "");
    const before = workersOf(gateway.pid);
    writeFileSync(envFile, "MAX_TOOLS=many\n");
    await until(
      () => gateway.log().includes("serve on with the settings they have"),
      10_000,
      () => gateway.log(),
    );
    expect(gateway.log()).toContain("MAX_TOOLS");
    expect(new Set(workersOf(gateway.pid))).toEqual(new Set(before));
    const traffic = load(gateway, 4);
    await until(
      () => traffic.done() > 4,
      10_000,
      () => "no traffic",
    );
    expect(await traffic.stop()).toEqual([]);
    writeFileSync(envFile, "MAX_TOOLS=3\n");
    await replaced(gateway, before);
  }, 60_000);

  test("SIGTERM in the middle of it ends all workers, old and new", async () => {
    const { gateway, envFile } = await reloading("", "");
    const traffic = load(gateway, 4);
    writeFileSync(envFile, "MAX_TOOLS=3\n");
    await until(
      () => workersOf(gateway.pid).length > 2,
      10_000,
      () => "no successor was started",
    );
    const workers = workersOf(gateway.pid);
    const ended = gateway.end("SIGTERM");
    void traffic.stop();
    expect(await ended).toBe(0);
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow();
  }, 60_000);
});
