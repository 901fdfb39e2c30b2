/** A plain reading of SSE text, strict where the standard is: an event counts when its blank line came. */

export type SseEvent = { event: string | undefined; data: string };

export function sseEvents(bytes: Uint8Array): SseEvent[] {
  const out: SseEvent[] = [];
  const text = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  const blocks = text.split("\n\n");
  blocks.pop();
  for (const block of blocks) {
    let event: string | undefined;
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") event = value;
      else if (field === "data") data.push(value);
    }
    if (data.length > 0) out.push({ event, data: data.join("\n") });
  }
  return out;
}
