/** The headers of an event stream to the caller (mapping C.8). */
export function sseHeaders(headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  };
}
