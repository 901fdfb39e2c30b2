/** A gateway between a caller and a fake upstream that says what the test puts in its mouth, one exchange at a time. */
import { json } from "../fakes/http.ts";
import { type Exchange, type Script, startWire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "./gateway.ts";

export type Reply = { status: number; headers: Headers; bytes: Uint8Array; broken: boolean };

/** `onBytes` is told whenever a piece of the answer's body has come. */
export type Asking = { headers?: Record<string, string>; signal?: AbortSignal; onBytes?: () => void };

export type Stage = {
  gateway: Gateway;
  /** Sends `body` to the gateway while the upstream answers every attempt with `script`. */
  ask(
    body: string,
    query: string,
    script: (exchange: Exchange, attempt: number) => Script,
    more?: Asking,
  ): Promise<{ reply: Reply; upstream: Exchange[] }>;
  stop(): Promise<void>;
};

/** What the control plane says of an application inference profile: that a Claude stands behind it. */
const profile = json({
  inferenceProfileName: "recorded",
  models: [{ modelArn: "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0" }],
  status: "ACTIVE",
  type: "APPLICATION",
});

export async function openStage(more?: Parameters<typeof startGateway>[1]): Promise<Stage> {
  let say: (exchange: Exchange, attempt: number) => Script = () => json({ message: "nobody asked" }, { status: 500 });
  const wire = startWire((exchange) => (exchange.method === "GET" ? profile : say(exchange, attempts(wire.seen))));
  const gateway = await startGateway(wire.url, more);
  return {
    gateway,
    async ask(body, query, script, more = {}) {
      wire.seen.length = 0;
      say = script;
      const reply = await call(`${gateway.url}/v1/chat/completions${query}`, body, more);
      return { reply, upstream: wire.seen.filter((exchange) => exchange.method === "POST") };
    },
    async stop() {
      await gateway.stop();
      wire.stop();
    },
  };
}

const attempts = (seen: readonly Exchange[]): number => seen.filter((exchange) => exchange.method === "POST").length;

async function call(url: string, body: string, more: Asking): Promise<Reply> {
  const headers = { "content-type": "application/json", ...more.headers };
  const response = await fetch(url, { method: "POST", body, headers, signal: more.signal ?? null });
  const parts: Uint8Array[] = [];
  let broken = false;
  try {
    for await (const part of response.body ?? []) {
      parts.push(part);
      more.onBytes?.();
    }
  } catch {
    broken = true;
  }
  return { status: response.status, headers: response.headers, bytes: Buffer.concat(parts), broken };
}
