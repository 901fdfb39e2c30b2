/** The supervisor and its workers as real processes, under load from real callers. */
import { afterEach, describe, expect, test } from "bun:test";
import { converseMessages, streamHead } from "../fakes/converse.ts";
import { pieces } from "../fakes/http.ts";
import { type Script, startWire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";
import { until, workersOf } from "./worker.ts";

const model = "us.amazon.nova-lite-v1:0";
/** Requests that the upstream of this test has had. */
let heard = (): number => 0;
const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.stop();
});

/** A gateway before an upstream whose every stream says `words` words, `ms` apart. */
async function underWay(args: string[], words: number, ms: number, env: Record<string, string> = {}): Promise<Gateway> {
  const messages = converseMessages({ content: [{ text: "word ".repeat(words) }] }, 5);
  const wire = startWire((): Script => pieces(streamHead, messages, () => ({ waitMs: ms })));
  heard = () => wire.seen.length;
  open.push(wire);
  const gateway = await startGateway(wire.url, { args, env });
  open.push(gateway);
  return gateway;
}

/** Waits until that many requests have reached the upstream: their streams run. */
const begun = (count: number): Promise<void> =>
  until(
    () => heard() >= count,
    20_000,
    () => `the upstream heard ${heard()} of ${count} requests`,
  );

/** Waits until the gateway takes nothing new. */
async function refusesNew(gateway: Gateway): Promise<void> {
  const look = (): Promise<number> =>
    fetch(`${gateway.url}/health/ready`, { headers: { connection: "close" } }).then(
      ({ status }) => status,
      () => 0,
    );
  while ((await look()) === 200) await Bun.sleep(10);
}

type Outcome = { status: number; text: string; broken: boolean };
async function ask(gateway: Gateway, stream = true): Promise<Outcome> {
  const body = JSON.stringify({ model, stream, messages: [{ role: "user", content: "Hi" }] });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  }).catch(() => undefined);
  if (!response) return { status: 0, text: "", broken: true };
  let text = "";
  try {
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
    return { status: response.status, text, broken: false };
  } catch {
    return { status: response.status, text, broken: true };
  }
}
const complete = ({ text }: Outcome): boolean => text.endsWith("data: [DONE]\n\n");

const onLinux = process.platform === "linux";

describe.skipIf(!onLinux)("processes (skipped: not Linux)", () => {
  test("SIGTERM: what runs finishes, readiness is gone, the exit code is 0", async () => {
    const gateway = await underWay(["--workers", "2"], 20, 20);
    const running = Array.from({ length: 40 }, () => ask(gateway));
    await begun(40);
    const ended = gateway.end("SIGTERM");
    const outcomes = await Promise.all(running);
    expect(outcomes.filter(complete)).toHaveLength(40);
    expect(await ended).toBe(0);
  });

  test("SIGTERM with a drain timeout: the rest gets one typed error, never an end, and the exit code says so", async () => {
    const gateway = await underWay(["--drain-timeout", "300ms"], 400, 20);
    const running = Array.from({ length: 10 }, () => ask(gateway));
    await begun(10);
    const ended = gateway.end("SIGTERM");
    for (const outcome of await Promise.all(running)) {
      expect(complete(outcome)).toBe(false);
      expect(outcome.broken || outcome.text.includes("server_shutting_down")).toBe(true);
    }
    expect(await ended).toBe(143);
  });

  test("a second Ctrl-C ends at once with 130", async () => {
    const gateway = await underWay([], 400, 20);
    const running = ask(gateway);
    await begun(1);
    const ended = gateway.end("SIGINT");
    await refusesNew(gateway);
    void gateway.end("SIGINT");
    expect(await ended).toBe(130);
    expect(complete(await running)).toBe(false);
  });

  test("kill -9 of one of four workers under 200 streams: only its own streams end, none with [DONE]", async () => {
    const gateway = await underWay(["--workers", "4", "--log-level", "warning"], 100, 20);
    const running = Array.from({ length: 200 }, () => ask(gateway));
    await begun(200);
    const victim = workersOf(gateway.pid)[0];
    expect(victim).toBeDefined();
    if (victim !== undefined) process.kill(victim, "SIGKILL");
    await until(
      () => gateway.log().includes("ended by SIGKILL"),
      5_000,
      () => "nobody noticed the death",
    );
    const fresh = await ask(gateway);
    expect(complete(fresh)).toBe(true);
    const outcomes = await Promise.all(running);
    const cut = outcomes.filter((outcome) => !complete(outcome));
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.length).toBeLessThan(120);
    for (const outcome of cut) expect(outcome.text).not.toContain("[DONE]");
    expect(gateway.log().includes("ended by SIGKILL")).toBe(true);
  }, 60_000);
});
