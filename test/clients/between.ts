/** A gateway process between a client and the model of `fakes/weather-model.ts`. */
import { afterAll, beforeAll } from "bun:test";
import { weatherModel } from "../fakes/weather-model.ts";
import { type Exchange, type Script, startWire, type Wire } from "../fakes/wire.ts";
import { type Gateway, startGateway } from "../traffic/gateway.ts";

export const key = "gateway-key";

/** One model for each way in which tools, structured output and streams reach an upstream. */
export const models = {
  /** Structured output of its own. */
  native: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  /** Structured output by a forced tool. */
  forced: "us.anthropic.claude-sonnet-4-6",
  /** Structured output by words: it refuses forced tools. */
  told: "us.anthropic.claude-opus-5-5",
  nova: "us.amazon.nova-pro-v1:0",
  /** No tools while it streams: the stream is made of a whole answer. */
  llama: "us.meta.llama3-3-70b-instruct-v1:0",
  oss: "openai.gpt-oss-120b-1:0",
  /** OpenAI's own API, verbatim. */
  openai: "gpt-4o",
} as const;
export const everyModel = Object.entries(models);

export type Between = {
  readonly url: string;
  readonly wire: Wire;
  /** The body of the last request that reached the upstream. */
  sent(): Record<string, unknown>;
  /** What the upstream does until the test is over; the weather model otherwise. */
  play(script: (exchange: Exchange) => Script): void;
};

/** Starts both for the tests of a file, and ends them. */
export function between(): Between {
  let wire: Wire | undefined;
  let gateway: Gateway | undefined;
  let script: (exchange: Exchange) => Script = (exchange) => weatherModel(exchange);
  beforeAll(async () => {
    wire = startWire((exchange) => script(exchange));
    gateway = await startGateway(wire.url, { env: { API_KEY: key } });
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    wire?.stop();
  });
  return {
    get url() {
      return gateway?.url ?? "";
    },
    get wire() {
      if (!wire) throw new Error("not started");
      return wire;
    },
    sent: () => JSON.parse(new TextDecoder().decode(wire?.seen.at(-1)?.body)),
    play: (other) => {
      script = other;
    },
  };
}
