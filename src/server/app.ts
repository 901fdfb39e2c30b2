import type { DialectId } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { answerError } from "../gateway/answer.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Listing } from "../gateway/listing.ts";
import { newRecord, type RequestRecord } from "../gateway/record.ts";
import { errorDialect } from "../gateway/target.ts";
import { chatRoute } from "./chat-route.ts";
import { cors } from "./cors.ts";
import type { Keys } from "./keys.ts";
import type { Load } from "./load.ts";
import { modelRoute, modelsRoute } from "./models-route.ts";
import { respond } from "./respond.ts";
import { requestId } from "./request-id.ts";

export type AppParts = {
  gateway: Gateway;
  keys: Keys;
  load: Load;
  listing: Listing;
  /** The formats, for errors that come before the gateway is asked. */
  dialect: (id: DialectId) => Dialect;
  limits: { bodyBytes: number; bodyTimeoutMs: number };
  /** The one origin that browsers may call from; undefined: CORS is off. */
  corsOrigin: string | undefined;
  version: string;
  /** Called once per chat request when its last byte is out. */
  log: (record: RequestRecord) => void;
  /** Further GET pages (documentation, playground), by path; undefined where there is none. */
  pages: (path: string) => Promise<Response | undefined> | undefined;
  /** Why the server is not ready, undefined when it is. */
  notReady: () => string | undefined;
};

/** What a handler may ask of the listening server. */
export type Sockets = {
  /** Silence for this many seconds closes the connection of a request; 0: never. */
  timeout(request: Request, seconds: number): void;
};

/** Request → Response. Never rejects: the error rim is here. */
export function createApp(parts: AppParts): (request: Request, sockets: Sockets) => Promise<Response> {
  const route = createRoutes(parts);
  const { corsOrigin } = parts;
  if (corsOrigin === undefined) return route;
  return async (request, sockets) => cors(await route(request, sockets), request, corsOrigin);
}

function createRoutes(parts: AppParts): (request: Request, sockets: Sockets) => Promise<Response> {
  return (request, sockets) => {
    const record = newRecord(requestId(request.headers));
    // Each look at `url` builds it anew: one is enough.
    const target = targetOf(request.url);
    const rim = (thrown: unknown): Response => refusal(parts, thrown, target, record);
    // The hot route first, without a promise of its own. It brings the id by itself: looking at a Response's headers builds them.
    if (target.path === chatPath && request.method === "POST")
      return chatRoute(parts, request, target.query, sockets, record, rim);
    return otherRoute(parts, request, target)
      .catch(rim)
      .then((response) => {
        response.headers.set("x-request-id", record.requestId);
        return response;
      });
  };
}

/** What a throw looks like from outside: an error in the caller's own format. */
function refusal(parts: AppParts, thrown: unknown, target: Target, record: RequestRecord): Response {
  const error = GatewayError.from(thrown);
  const answer = answerError(error, parts.dialect(errorDialect(target.query)), record);
  if (error.kind === "authentication") answer.headers["www-authenticate"] = "Bearer";
  answer.headers["x-request-id"] = record.requestId;
  if (error.kind === "internal") parts.log({ ...record, errorMessage: describeThrown(thrown) });
  return respond(answer);
}

const chatPath = "/v1/chat/completions";

type Target = { path: string; query: string };

function targetOf(url: string): Target {
  // Without a host, as HTTP/1.0 allows and HAProxy's checks have it, or with one that is none, Bun gives the path alone.
  const start = url.startsWith("/") ? 0 : url.indexOf("/", 8);
  const mark = url.indexOf("?", start);
  const path = start < 0 ? "/" : url.slice(start, mark < 0 ? undefined : mark);
  return {
    // A base URL that ends in a slash gives some clients paths that do.
    path: path.endsWith("/") && path.startsWith("/v1/") ? path.slice(0, -1) : path,
    query: mark < 0 ? "" : url.slice(mark + 1),
  };
}

async function otherRoute(parts: AppParts, request: Request, { path }: Target): Promise<Response> {
  const { method } = request;
  if (path === "/health" || path === "/health/ready") {
    only(method, path, ["GET", "HEAD"]);
    return path === "/health" ? Response.json({ status: "ok", version: parts.version }) : ready(parts);
  }
  if (method === "OPTIONS" && parts.corsOrigin !== undefined) return new Response(null, { status: 204 });
  if (method === "GET" || method === "HEAD") {
    const page = await parts.pages(path);
    if (page) return page;
  }
  parts.keys.check(request.headers);
  if (path === chatPath) only(method, path, ["POST"]);
  if (path === "/v1/chat/completions/health") {
    only(method, path, ["GET", "HEAD"]);
    return Response.json({ status: "ok", service: "chat-completions", version: parts.version });
  }
  if (path === "/v1/models") {
    only(method, path, ["GET", "HEAD"]);
    return modelsRoute(parts.listing, request.signal);
  }
  if (path.startsWith("/v1/models/")) {
    only(method, path, ["GET", "HEAD"]);
    return modelRoute(parts.listing, path.slice("/v1/models/".length), request.signal);
  }
  throw new GatewayError({
    kind: "not_found",
    code: "unknown_url",
    message: `Invalid URL (${method} ${printablePath(path)})${wayOn(path)}`,
  });
}

function ready(parts: AppParts): Response {
  const reason = parts.load.draining ? "shutting down" : parts.notReady();
  if (reason === undefined) return Response.json({ status: "ready" });
  return Response.json({ status: "not ready", reason }, { status: 503, headers: { "retry-after": "1" } });
}

function only(method: string, path: string, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  throw new GatewayError({
    kind: "method_not_allowed",
    code: "method_not_allowed",
    message: `Method ${method} is not allowed for ${path}. Use ${allowed[0]}.`,
  });
}

/** Paths that people try, and what is to be said to them. */
const tried: readonly [RegExp, string][] = [
  // A base URL without `/v1`, with two, or in the manner of another server.
  [/\/chat\/completions?\/?$/, "Did you mean POST /v1/chat/completions?"],
  [/\/models?\/?$/, "Did you mean GET /v1/models?"],
  [
    /\/(?:messages|invoke|invoke-with-response-stream)\/?$/,
    "Send the same body, with its 'model', to POST /v1/chat/completions: the format is recognised.",
  ],
  [
    /\/(?:completions?|responses|converse|converse-stream)\/?$/,
    "This API is not served here. Send a chat request to POST /v1/chat/completions.",
  ],
];

function wayOn(path: string): string {
  const said = tried.find(([pattern]) => pattern.test(path))?.[1];
  return said === undefined ? "" : `. ${said}`;
}

function printablePath(path: string): string {
  return path.slice(0, 200).replace(/[^\x21-\x7e]/g, "?");
}

/** An unknown throw for the log: its class and place, not its message, which may hold what a caller wrote. */
function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "thrown value that is no Error";
  const place = /\n\s+at ([^\n]{1,200})/.exec(thrown.stack ?? "")?.[1] ?? "";
  return `${thrown.name} at ${place}`;
}
