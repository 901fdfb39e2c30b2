import type { Frame } from "../core/events.ts";

/** One frame as a server-sent event, with its blank line. Line breaks in the data become several data lines. */
export function sseText(frame: Frame): string {
  const { data } = frame;
  const lines = data.includes("\n") || data.includes("\r") ? data.split(/\r\n?|\n/).join("\ndata: ") : data;
  return frame.event === undefined ? `data: ${lines}\n\n` : `event: ${oneLine(frame.event)}\ndata: ${lines}\n\n`;
}

/** A name comes from the upstream: a line break in it would start a field of its own. */
function oneLine(name: string): string {
  return name.includes("\n") || name.includes("\r") ? name.replace(/[\r\n]+/g, " ") : name;
}
