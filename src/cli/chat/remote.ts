import type { JsonObject } from "../../core/json.ts";
import { CliError, exits } from "../failure.ts";
import { type AnswerEvent, ChunkReader } from "./answer-event.ts";
import type { Backend } from "./backend.ts";
import { exitFor, truncated } from "./wire-failure.ts";

export type RemoteSettings = {
  /** The gateway's address, with or without /v1. */
  url: string;
  key: string | undefined;
  retries: number;
  timeoutMs: number | undefined;
};

/** ms that a whole answer may take where nobody said anything: the gateway's own limits are the ones that count. */
const longest = 24 * 3_600_000;

/** A running gateway, asked through OpenAI's own client. */
export async function remote(settings: RemoteSettings): Promise<Backend> {
  const sdk = await import("openai");
  const baseURL = /\/v\d+$/.test(settings.url) ? settings.url : `${settings.url}/v1`;
  const client = new sdk.OpenAI({
    baseURL,
    // The client insists on one; a gateway without keys does not look.
    apiKey: settings.key ?? "none",
    organization: null,
    project: null,
    maxRetries: settings.retries,
    timeout: settings.timeoutMs ?? longest,
    logLevel: "off",
  });

  function friendly(thrown: unknown): unknown {
    if (thrown instanceof sdk.APIUserAbortError) return thrown;
    if (thrown instanceof sdk.APIConnectionTimeoutError) {
      return new CliError({ exit: exits.failed, message: `Connection Error: ${settings.url} did not answer in time.` });
    }
    if (thrown instanceof sdk.APIConnectionError) {
      return new CliError({
        exit: exits.failed,
        message: `Connection Error: cannot connect to the gateway at ${settings.url}.`,
        hint: ["Start it with: amazon-chat serve", "Or work without one: leave --server-url and CHAT_SERVER_URL out"],
        cause: thrown.cause,
      });
    }
    if (!(thrown instanceof sdk.APIError)) return thrown;
    const status: unknown = thrown.status;
    return named(typeof status === "number" ? status : undefined, thrown.message, {
      code: thrown.code ?? undefined,
      type: thrown.type,
    });
  }

  return {
    async *ask(body, signal) {
      let finished = false;
      try {
        for await (const event of events(client, body, signal)) {
          if (event.type === "finish") finished = true;
          yield event;
        }
      } catch (thrown) {
        throw friendly(thrown);
      }
      signal.throwIfAborted();
      if (!finished) throw truncated();
    },
    async preview(body) {
      const headers = { authorization: "Bearer ***", "content-type": "application/json" };
      return JSON.stringify({ method: "POST", url: `${baseURL}/chat/completions`, headers, body }, null, 2);
    },
    async models(signal) {
      try {
        const page = await client.models.list({ signal });
        return page.data.map(({ id, created, owned_by }) => ({ id, created, owned_by }));
      } catch (thrown) {
        throw friendly(thrown);
      }
    },
    provider: () => undefined,
  };
}

type Client = InstanceType<typeof import("openai").OpenAI>;

async function* events(
  client: Client,
  body: JsonObject,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const reader = new ChunkReader();
  const out: AnswerEvent[] = [];
  if (body["stream"] !== true) {
    reader.read(await client.post<unknown>("/chat/completions", { body, signal }), out);
    return yield* out;
  }
  const stream = await client.post<AsyncIterable<unknown>>("/chat/completions", { body, signal, stream: true });
  for await (const chunk of stream) {
    reader.read(chunk, out);
    yield* out.splice(0);
  }
}

/** The predecessor's names for what a gateway answers (original.md, case 58). */
const names: Readonly<Record<number, string>> = {
  401: "Authentication Error",
  403: "Authentication Error",
  404: "Not Found Error",
  429: "Rate Limit Error",
};
const next: Readonly<Record<number, string>> = {
  [exits.credentials]: "Give the gateway's key: amazon-chat config set CHAT_API_KEY, or --api-key-file PATH",
  [exits.model]: "List models: amazon-chat models",
  [exits.rate]: "Try again in a moment.",
};

function named(
  status: number | undefined,
  text: string,
  { code, type }: { code: string | undefined; type: string | undefined },
): CliError {
  const name = status === undefined ? "Server Error" : (names[status] ?? other(status));
  const message = status === undefined ? text : text.replace(new RegExp(`^${status} `), "");
  const exit = exitFor(status, code, type);
  const hint = next[exit];
  return new CliError({
    exit,
    message: `${name}: ${message}`,
    ...(hint !== undefined && { hint: [hint] }),
    wire: { type: type ?? "error", code: code ?? null, status: status ?? null },
  });
}

function other(status: number): string {
  return status >= 500 ? "Server Error" : `API Error (${status})`;
}
