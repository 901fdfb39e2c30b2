import type { Citation } from "../../core/chat.ts";
import { isObject, type Json, type JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { extras, own } from "./wire.ts";

/** An answer's `annotations[]` entry; undefined for a shape that is no citation. */
export function decodeAnnotation(annotation: Json): Citation | undefined {
  if (!isObject(annotation)) return undefined;
  const wire = look.object(annotation, "url_citation");
  if (!wire) return undefined;
  const { url, title, start_index, end_index, ...rest } = wire;
  const start = look.number(wire, "start_index");
  const end = look.number(wire, "end_index");
  return {
    kind: "web",
    ...(typeof url === "string" && { url }),
    ...(typeof title === "string" && { title }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...extras(leftOver(rest)),
  };
}

/** Web citations as OpenAI's annotations, all others in the hub's own shape: never lost, never mixed (mapping C.2). */
export function encodeCitations(
  citations: readonly Citation[],
  from: number,
  to: number,
): { annotations: JsonObject[]; citations: JsonObject[] } {
  const annotations: JsonObject[] = [];
  const others: JsonObject[] = [];
  for (const citation of citations) {
    if (citation.kind === "web") annotations.push(annotationOf(citation, from, to));
    else {
      const { extras: _, ...plain } = citation;
      others.push(plain);
    }
  }
  return { annotations, citations: others };
}

/** Offsets are UTF-16 positions in the whole content: the upstream's own where it gave them, else the block's span. */
function annotationOf(citation: Citation, from: number, to: number): JsonObject {
  return {
    type: "url_citation",
    url_citation: {
      start_index: citation.start ?? from,
      end_index: citation.end ?? to,
      url: citation.url ?? "",
      title: citation.title ?? "",
      ...own(citation),
    },
  };
}
