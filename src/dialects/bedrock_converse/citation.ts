import type { Citation } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";

/** The members of Converse's CitationLocation that count something, and where their index stands. */
const spans: readonly { key: string; kind: Citation["kind"]; index: string }[] = [
  { key: "documentChar", kind: "char", index: "documentIndex" },
  { key: "documentPage", kind: "page", index: "documentIndex" },
  { key: "documentChunk", kind: "chunk", index: "documentIndex" },
  { key: "searchResultLocation", kind: "search-result", index: "searchResultIndex" },
];

/** A Citation of an answer or of history. What has no name in the hub stays in the extras. */
export function decodeCitation(wire: JsonObject): Citation {
  const { title, source, sourceContent, location, ...rest } = wire;
  const place = look.object(wire, "location");
  const texts = look.objects(wire, "sourceContent").map((part) => look.text(part, "text") ?? "");
  const fields: { [key: string]: JsonObject[string] | undefined } = { ...rest };
  if (texts.length > 1) fields["sourceContent"] = sourceContent;
  const known = located(place);
  if (known.kind === "other") fields["location"] = location;
  else if (known.kind === "web" && look.text(look.object(place, "web"), "domain") !== undefined)
    fields["location"] = location;
  if (title === null) fields["title"] = null;
  const left = leftOver(fields);
  return {
    ...known,
    ...(texts.length > 0 && { text: texts.join("") }),
    ...(typeof title === "string" && { title }),
    ...(typeof source === "string" && { source }),
    ...(left && { extras: { from: "bedrock_converse", fields: left } }),
  };
}

function located(place: JsonObject | undefined): Citation {
  const web = look.object(place, "web");
  if (web) {
    const url = look.text(web, "url");
    return { kind: "web", ...(url !== undefined && { url }) };
  }
  for (const { key, kind, index } of spans) {
    const span = look.object(place, key);
    if (!span) continue;
    const documentIndex = look.number(span, index);
    const start = look.number(span, "start");
    const end = look.number(span, "end");
    return {
      kind,
      ...(documentIndex !== undefined && { documentIndex }),
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    };
  }
  return { kind: "other" };
}

export function encodeCitation(citation: Citation): JsonObject {
  const { title, source, text } = citation;
  const location = place(citation);
  return {
    ...(title !== undefined && { title }),
    ...(source !== undefined && { source }),
    ...(text !== undefined && { sourceContent: [{ text }] }),
    ...(location && { location }),
    ...(citation.extras?.from === "bedrock_converse" && citation.extras.fields),
  };
}

function place({ kind, url, documentIndex, start, end }: Citation): JsonObject | undefined {
  if (kind === "web") return { web: { ...(url !== undefined && { url }) } };
  const span = spans.find((candidate) => candidate.kind === kind);
  if (!span) return undefined;
  return {
    [span.key]: {
      ...(documentIndex !== undefined && { [span.index]: documentIndex }),
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    },
  };
}
