import { GatewayError } from "../../core/error.ts";
import type { Call, Reply } from "../provider.ts";
import { post, type ConnectSettings } from "../transport/post.ts";
import type { AwsClock } from "./clock.ts";
import { sha256, sign, type Keys } from "./sign.ts";
import type { CallPath, Target } from "./target.ts";

/** What a call is sent with: a bearer token, or keys that sign. */
export type Auth = { bearer: string } | { keys: Keys; clock: AwsClock };

type Asked = Pick<Call, "dialect" | "stream" | "headers">;

/** The headers of a call that are signed where keys sign. */
function callHeaders(call: Asked): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json", ...call.headers };
  if (call.stream && call.dialect !== "bedrock_converse") headers["x-amzn-bedrock-accept"] = "application/json";
  return headers;
}

/** Not signed: proxies change them. Compressed events would wait in the compressor until it has a block. */
const plainHeaders = { accept: "application/json", "user-agent": "amazon-chat" };
const streamHeaders = {
  accept: "application/vnd.amazon.eventstream",
  "accept-encoding": "identity",
  "user-agent": "amazon-chat",
};

/** All headers of a call but for those that authenticate it: what goes out, for whoever wants to look. */
export function shownHeaders(call: Asked): Record<string, string> {
  return { ...(call.stream ? streamHeaders : plainHeaders), ...callHeaders(call) };
}

/** Sends one call to Bedrock in a region. Throws a GatewayError when there is no answer. */
export async function send(
  call: Call,
  region: string,
  target: Target,
  auth: Auth,
  connect: ConnectSettings,
): Promise<Reply> {
  const path = target.path(call);
  const headers = callHeaders(call);
  const hash = "keys" in auth ? sha256(call.body) : "";
  const attempt = (): Promise<Response> =>
    post(
      {
        url: target.origin + path.wire,
        host: target.host,
        headers: {
          ...(call.stream ? streamHeaders : plainHeaders),
          ...headers,
          ...("bearer" in auth
            ? { authorization: `Bearer ${auth.bearer}` }
            : signed(headers, path, hash, region, target, auth)),
        },
        body: call.body,
        signal: call.signal,
      },
      connect,
    );
  let response = await attempt();
  // A clock that is wrong makes every signature wrong; the refusal says what time it is.
  if (response.status === 403 && "clock" in auth && auth.clock.correct(response.headers)) {
    void response.body?.cancel().catch(() => undefined);
    response = await attempt();
  }
  const type = response.headers.get("content-type")?.toLowerCase() ?? "";
  const isEvents = response.ok && type.startsWith("application/vnd.amazon.eventstream");
  return {
    status: response.status,
    headers: response.headers,
    framing: isEvents ? "aws" : "json",
    get body() {
      return response.body;
    },
    bytes: () => response.bytes(),
  };
}

function signed(
  headers: Record<string, string>,
  path: CallPath,
  hash: string,
  region: string,
  target: Target,
  { keys, clock }: { keys: Keys; clock: AwsClock },
): Record<string, string> {
  const own = { ...headers, "x-amz-content-sha256": hash };
  const request = {
    method: "POST",
    path: path.wire,
    canonicalPath: path.canonical,
    headers: { ...own, host: target.host },
    bodyHash: hash,
  };
  return { "x-amz-content-sha256": hash, ...sign(request, keys, { region, service: "bedrock" }, clock.now()) };
}

/** No region for a call: neither an ARN's nor a configured one. */
export function withoutRegion(text: string): GatewayError {
  return new GatewayError({ kind: "upstream_auth", status: 503, message: text, code: "upstream_authentication_error" });
}
