/** The gateway in this process, asked to explain: what would go upstream, and what it would cost. Nothing is sent. */
import type { Loss } from "../../src/core/loss.ts";
import { isObject, type JsonObject } from "../../src/core/json.ts";
import { GatewayError } from "../../src/core/error.ts";
import type { ModelFacts } from "../../src/core/models.ts";
import { dialect } from "../../src/dialects/registry.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseText } from "../../src/framing/sse-text.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import type { FetchMedia } from "../../src/gateway/media.ts";
import { defaultSettings } from "../../src/gateway/settings.ts";
import { bedrockProvider } from "../../src/providers/bedrock/index.ts";
import { openaiProvider } from "../../src/providers/openai/index.ts";

/** What becomes of a request. `refused` where it was answered 400 without a call. */
export type Outcome =
  | {
      refused: false;
      from: string;
      to: string;
      verbatim: boolean;
      stream: boolean;
      body: JsonObject;
      /** Members of InvokeModel that travel beside the body. */
      headers: JsonObject;
      losses: Loss[];
    }
  | { refused: true; status: number; param: string | null; message: string };

/** Stands for the network: bytes that sniff as what was asked for and name the URL they came from. */
export function fetched(url: string, document: boolean): string {
  const head = document
    ? Buffer.from("%PDF-1.4\n")
    : Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010806000000", "hex");
  return Buffer.concat([head, Buffer.from(url)]).toString("base64");
}

const fetchMedia: FetchMedia = (url, kind) =>
  Promise.resolve({
    data: fetched(url, kind === "document"),
    mediaType: kind === "document" ? "application/pdf" : "image/png",
  });

const connect = { timeout: 1000, proxied: false };
const openai = openaiProvider({ baseUrl: "https://upstream.test/v1", apiKey: "sk-test", keyNeeded: true, connect });
const bedrock = bedrockProvider({
  region: "us-east-1",
  auth: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  endpoints: { fips: false },
  connect,
});

const gateway = createGateway({
  settings: { ...defaultSettings, fetchMedia },
  providers: { openai, bedrock, demo: undefined },
  dialect,
  framings: { sse: sseDecoder, aws: awsDecoder, sseText },
});

/** A caller's body through detection, plan and translation. */
export async function through(body: JsonObject): Promise<Outcome> {
  const answer = await gateway.chat({
    bytes: new TextEncoder().encode(JSON.stringify(body)),
    target: null,
    headers: new Headers({ "x-amazon-chat-explain": "true" }),
    signal: new AbortController().signal,
    record: { requestId: "req-1", startedAt: 0, attempts: 0, downgrades: [], upstreamMs: 0, losses: [] },
  });
  if (!("body" in answer)) throw new Error("explain gave a stream");
  const told = JSON.parse(typeof answer.body === "string" ? answer.body : new TextDecoder().decode(answer.body));
  if (answer.status !== 200) {
    const { message, param } = told.error;
    return { refused: true, status: answer.status, param, message };
  }
  const { plan, upstream, losses } = told;
  if (!isObject(upstream.body)) throw new Error("the upstream body is no object");
  return {
    refused: false,
    from: plan.request,
    to: plan.upstream,
    verbatim: plan.to_upstream === "verbatim",
    stream: upstream.stream,
    body: upstream.body,
    headers: upstream.headers,
    losses,
  };
}

/** A body of any dialect, also of those that no caller speaks, as another dialect writes it. */
export function crossed(from: string, to: string, facts: ModelFacts, body: JsonObject): Outcome {
  try {
    const request = dialect(from).request.decode(body);
    const left = dialect(from).request.leave(request, facts);
    const { value, losses } = dialect(to).request.encode(request, facts);
    const stream = request.stream;
    return {
      refused: false,
      from,
      to,
      verbatim: false,
      stream,
      body: plain(value),
      headers: {},
      losses: [...left, ...losses],
    };
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    return { refused: true, status: thrown.status, param: thrown.param ?? null, message: thrown.message };
  }
}

/** What JSON leaves of it: members that are undefined are no members. */
function plain(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
