/** A gateway in this process between a caller and a scripted upstream; what it would log is there to be read. */
import { dialect } from "../../src/dialects/registry.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseText } from "../../src/framing/sse-text.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import type { RequestRecord } from "../../src/gateway/record.ts";
import { defaultSettings, type GatewaySettings } from "../../src/gateway/settings.ts";
import { bedrockProvider } from "../../src/providers/bedrock/index.ts";
import type { BedrockSettings } from "../../src/providers/bedrock/settings.ts";
import { openaiProvider } from "../../src/providers/openai/index.ts";
import { type Exchange, type Script, startWire, type Wire } from "../fakes/wire.ts";
import { settings as bedrockSettings } from "../providers/bedrock/provider.ts";

export type Told = { status: number; headers: Record<string, string>; text: string; record: RequestRecord };

export type Between = {
  wire: Wire;
  /** `onText` is told each piece of a stream as the caller gets it; a caller who leaves says so by `signal`. */
  ask(body: unknown, more?: { target?: string; signal?: AbortSignal; onText?: (text: string) => void }): Promise<Told>;
  stop(): void;
};

export function openBetween(
  answer: (exchange: Exchange, attempt: number) => Script,
  more: { times?: Partial<GatewaySettings["times"]>; bedrock?: Partial<BedrockSettings> } = {},
): Between {
  const wire = startWire((exchange) => answer(exchange, wire.seen.length));
  const gateway = createGateway({
    settings: {
      ...defaultSettings,
      times: { ...defaultSettings.times, ...more.times },
      retry: { ...defaultSettings.retry, baseMs: 1, capMs: 1 },
    },
    providers: {
      openai: openaiProvider({
        baseUrl: `${wire.url}/v1`,
        apiKey: "sk-test",
        keyNeeded: true,
        connect: { timeout: 5_000, proxied: false },
      }),
      bedrock: bedrockProvider(
        bedrockSettings({ ...more.bedrock, endpoints: { ...more.bedrock?.endpoints, fips: false, runtime: wire.url } }),
      ),
      demo: undefined,
    },
    dialect,
    framings: { sse: sseDecoder, aws: awsDecoder, sseText },
  });
  const decoder = new TextDecoder();
  const words = (chunk: string | Uint8Array): string => (typeof chunk === "string" ? chunk : decoder.decode(chunk));
  return {
    wire,
    async ask(body, { target, signal, onText } = {}) {
      const record: RequestRecord = {
        requestId: "req-1",
        startedAt: performance.now(),
        attempts: 0,
        downgrades: [],
        upstreamMs: 0,
        losses: [],
      };
      const answered = await gateway.chat({
        bytes: new TextEncoder().encode(JSON.stringify(body)),
        target: target ?? null,
        headers: new Headers(),
        signal: signal ?? new AbortController().signal,
        record,
      });
      const { status, headers } = answered;
      if ("body" in answered) return { status, headers, text: words(answered.body), record };
      const leave = (): void => answered.pump.cancel();
      signal?.addEventListener("abort", leave);
      let text = "";
      for (let chunk = await answered.pump.next(); chunk !== undefined; chunk = await answered.pump.next()) {
        text += words(chunk);
        onText?.(text);
      }
      return { status, headers, text, record };
    },
    stop: () => wire.stop(),
  };
}
