import { GatewayError } from "../core/error.ts";
import type { RequestRecord } from "../gateway/record.ts";
import type { AppParts, Sockets } from "./app.ts";
import { readBody } from "./read-body.ts";
import { respond } from "./respond.ts";
import { Stay } from "./stay.ts";

const jsonType = /^(?:application|text)\/(?:[a-z0-9.-]+\+)?json\b/i;

/** `POST /v1/chat/completions`: bytes in, one answer out, one log line when the last byte is out. `rim` answers what is thrown. */
export async function chatRoute(
  parts: AppParts,
  request: Request,
  query: string,
  sockets: Sockets,
  record: RequestRecord,
  rim: (thrown: unknown) => Response,
): Promise<Response> {
  const stay = new Stay(parts, request, sockets, record);
  try {
    parts.keys.check(request.headers);
    const type = request.headers.get("content-type");
    if (type !== null && type !== "" && !jsonType.test(type)) throw unsupportedType();
    stay.begin();
    const bytes = await readBody(request, parts.limits.bodyBytes, parts.limits.bodyTimeoutMs);
    const target = query === "" ? null : new URLSearchParams(query).get("target_format");
    const answer = await parts.gateway.chat({
      bytes,
      target,
      headers: request.headers,
      signal: request.signal,
      record,
    });
    answer.headers["x-request-id"] = record.requestId;
    // The next request of this caller shall find another process.
    if (parts.load.draining) answer.headers["connection"] = "close";
    if ("pump" in answer) answer.pump.whenClosed(() => stay.end());
    else stay.end();
    return respond(answer);
  } catch (thrown) {
    record.errorCode = thrown instanceof GatewayError ? (thrown.code ?? thrown.kind) : "internal_error";
    record.status = thrown instanceof GatewayError ? thrown.status : 500;
    stay.end();
    return rim(thrown);
  }
}

function unsupportedType(): GatewayError {
  return new GatewayError({
    kind: "unsupported_media_type",
    code: "unsupported_media_type",
    message: "Unsupported content type. Send JSON with 'content-type: application/json'.",
  });
}
