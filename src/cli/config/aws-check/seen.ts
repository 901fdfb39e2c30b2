import { isObject } from "../../../core/json.ts";
import type { Reply } from "../../../providers/provider.ts";

/** A failure as AWS or the network told it. */
export type Seen = { name: string; message: string; status: number | undefined; errno: string };

/** Carries a failure that AWS answered with, where nothing was thrown. */
export class Refused extends Error {
  readonly seen: Seen;
  constructor(seen: Seen) {
    super(seen.message);
    this.seen = seen;
  }
}

/** A throw of the SDK, of `fetch` or of our own transport. */
export function seenThrow(thrown: unknown): Seen {
  if (!isRecord(thrown)) return { name: "Error", message: String(thrown), status: undefined, errno: "" };
  const metadata = isRecord(thrown["$metadata"]) ? thrown["$metadata"] : {};
  const text = (key: string): string => (typeof thrown[key] === "string" ? thrown[key] : "");
  return {
    name: text("name") || "Error",
    message: text("message"),
    status: typeof metadata["httpStatusCode"] === "number" ? metadata["httpStatusCode"] : undefined,
    errno: errnoOf(thrown) || text("upstreamName"),
  };
}

/** An answer of the Bedrock runtime that is no success. Reads its body. */
export async function seenReply(reply: Reply): Promise<Seen> {
  const body = await new Response(reply.body).text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const fields = isObject(parsed) ? parsed : {};
  const message = fields["message"] ?? fields["Message"];
  const name = reply.headers.get("x-amzn-errortype") ?? (typeof fields["__type"] === "string" ? fields["__type"] : "");
  return {
    // `com.amazon.coral#AccessDeniedException:http://…` (trap T-63)
    name: name.replace(/:.*$/, "").replace(/^.*#/, "") || `HTTP ${reply.status}`,
    message: typeof message === "string" ? message : body.slice(0, 300),
    status: reply.status,
    errno: "",
  };
}

/** Errors wrap each other; the system's code may be on an inner one. */
function errnoOf(thrown: Record<string, unknown>): string {
  let current: unknown = thrown;
  for (let depth = 0; depth < 4 && isRecord(current); depth++) {
    const { code } = current;
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    current = current["cause"];
  }
  return "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
