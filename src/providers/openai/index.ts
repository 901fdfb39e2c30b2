import type { ListedModel } from "../listed-model.ts";
import type { Provider, Reply } from "../provider.ts";
import { FetchReply } from "../transport/fetch-reply.ts";
import { post, type ConnectSettings } from "../transport/post.ts";
import { endpoint } from "./endpoint.ts";
import { listModels } from "./list-models.ts";

export type OpenAISettings = {
  /** Without a trailing slash; OpenAI's own API or a compatible server. */
  baseUrl: string;
  apiKey: string | undefined;
  organization?: string | undefined;
  project?: string | undefined;
  /** A key is needed: OpenAI's own API. A compatible server on the operator's own machine mostly wants none. */
  keyNeeded: boolean;
  connect: ConnectSettings;
};

export type OpenAIProvider = Provider & { listModels(signal: AbortSignal): Promise<ListedModel[]> };

/** The OpenAI API or a compatible server by raw `fetch` (mapping G.1): bytes in, bytes out. */
export function openaiProvider(settings: OpenAISettings): OpenAIProvider {
  const url = endpoint(settings.baseUrl, "/chat/completions");
  const host = new URL(url).host;
  const secret = secretHeaders(settings);
  const forJson = { ...secret, "content-type": "application/json", accept: "application/json" };
  // Compressed events would wait in the compressor until it has a block.
  const forStream = {
    ...secret,
    "content-type": "application/json",
    accept: "text/event-stream",
    "accept-encoding": "identity",
  };

  // Made once: headers that have to be made of an object cost 0.1 µs each, every time.
  const made = { json: new Headers(forJson), stream: new Headers(forStream) };

  return {
    id: "openai",
    speaks: () => ["openai"],
    problem: () => (settings.keyNeeded && !settings.apiKey ? "OPENAI_API_KEY is not set." : undefined),
    send({ stream, body, signal, controller }) {
      const headers = stream ? made.stream : made.json;
      return post({ url, host, headers, body, signal, controller }, settings.connect).then(replyOf);
    },
    preview: (call) => ({
      method: "POST",
      url: withoutUser(url),
      headers: {
        ...(call.stream ? forStream : forJson),
        ...(settings.apiKey && { authorization: "***" }),
      },
    }),
    listModels: (signal) => listModels(settings.baseUrl, secret, signal),
  };
}

function replyOf(response: Response): Reply {
  const isSse = /^text\/event-stream/i.test(response.headers.get("content-type") ?? "");
  return new FetchReply(response, isSse ? "sse" : "json");
}

function secretHeaders({ apiKey, organization, project }: OpenAISettings): Record<string, string> {
  return {
    "user-agent": "amazon-chat",
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    ...(organization && { "openai-organization": organization }),
    ...(project && { "openai-project": project }),
  };
}

/** A base URL may carry credentials; they are nobody's business. */
function withoutUser(url: string): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href;
}
