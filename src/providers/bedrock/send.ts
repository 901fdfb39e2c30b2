import { GatewayError } from "../../core/error.ts";
import type { Call, Reply } from "../provider.ts";
import { FetchReply } from "../transport/fetch-reply.ts";
import { post, type ConnectSettings } from "../transport/post.ts";
import type { AwsClock } from "./clock.ts";
import type { Identity } from "./identities.ts";
import { sha256, sign } from "./sign.ts";
import type { CallPath, Target } from "./target.ts";

/** What a call is sent with: a bearer token, or keys that sign. */
export type Auth =
  | { bearer: string }
  | {
      keys: Identity;
      clock: AwsClock;
      /** Called when an answer says that the keys may not hold any more. */
      refused: (keys: Identity) => void;
    };

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
  const { body, signal } = call;
  const hash = "keys" in auth ? sha256(body) : "";
  const attempt = (controller: AbortController | undefined): Promise<Response> => {
    const headers = authenticated(call, path, hash, region, target, auth);
    return post({ url: path.url, host: target.host, headers, body, signal, controller }, connect);
  };
  let response = await attempt(call.controller);
  // A clock that is wrong makes every signature wrong; the refusal says what time it is.
  if (response.status === 403 && "clock" in auth && auth.clock.correct(response.headers)) {
    void response.body?.cancel().catch(() => undefined);
    response = await attempt(undefined);
  }
  const { status } = response;
  if ("keys" in auth && (status === 400 || status === 401 || status === 403)) auth.refused(auth.keys);
  const isEvents = response.ok && isEventStream(response.headers.get("content-type"));
  return new FetchReply(response, isEvents ? "aws" : "json");
}

function isEventStream(type: string | null): boolean {
  return type !== null && /^application\/vnd\.amazon\.eventstream/i.test(type);
}

/** All headers of a call: the ones that are signed, the ones that authenticate, the ones that proxies may change. */
function authenticated(
  call: Asked,
  path: CallPath,
  hash: string,
  region: string,
  target: Target,
  auth: Auth,
): Record<string, string> {
  const own = callHeaders(call);
  const plain = call.stream ? streamHeaders : plainHeaders;
  if ("bearer" in auth) return { ...plain, ...own, authorization: `Bearer ${auth.bearer}` };
  const request = {
    method: "POST",
    path: path.wire,
    canonicalPath: path.canonical,
    headers: { ...own, host: target.host, "x-amz-content-sha256": hash },
    bodyHash: hash,
  };
  const added = sign(request, auth.keys, { region, service: "bedrock" }, auth.clock.now());
  return { ...plain, ...own, "x-amz-content-sha256": hash, ...added };
}

/** No region for a call: neither an ARN's nor a configured one. */
export function withoutRegion(text: string): GatewayError {
  return new GatewayError({ kind: "upstream_auth", status: 503, message: text, code: "upstream_authentication_error" });
}
