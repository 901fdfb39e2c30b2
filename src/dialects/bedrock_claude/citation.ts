import type { Citation } from "../../core/chat.ts";
import type { JsonObject } from "../../core/json.ts";
import { look } from "../look.ts";
import { leftOver } from "../read.ts";
import { own } from "./wire.ts";

type Form = { type: string; kind: Citation["kind"]; title: string; index?: string; start?: string; end?: string };

/** Anthropic's citation types and what their fields are called. */
const forms: readonly Form[] = [
  {
    type: "char_location",
    kind: "char",
    title: "document_title",
    index: "document_index",
    start: "start_char_index",
    end: "end_char_index",
  },
  {
    type: "page_location",
    kind: "page",
    title: "document_title",
    index: "document_index",
    start: "start_page_number",
    end: "end_page_number",
  },
  {
    type: "content_block_location",
    kind: "chunk",
    title: "document_title",
    index: "document_index",
    start: "start_block_index",
    end: "end_block_index",
  },
  {
    type: "search_result_location",
    kind: "search-result",
    title: "title",
    index: "search_result_index",
    start: "start_block_index",
    end: "end_block_index",
  },
  { type: "web_search_result_location", kind: "web", title: "title" },
];

/** What has no name in the hub (`file_id`, `encrypted_index`, a `null` title) stays in the extras. */
export function decodeCitation(wire: JsonObject): Citation {
  const form = forms.find(({ type }) => type === wire["type"]);
  if (!form) return { kind: "other", extras: { from: own, fields: wire } };
  const rest: { [key: string]: JsonObject[string] | undefined } = { ...wire, type: undefined };
  const take = <T>(key: string | undefined, find: (from: JsonObject, key: string) => T | undefined): T | undefined => {
    const value = key === undefined ? undefined : find(wire, key);
    if (key !== undefined && value !== undefined) rest[key] = undefined;
    return value;
  };
  const text = take("cited_text", look.text);
  const title = take(form.title, look.text);
  const source = take("source", look.text);
  const url = take("url", look.text);
  const documentIndex = take(form.index, look.number);
  const start = take(form.start, look.number);
  const end = take(form.end, look.number);
  const fields = leftOver(rest);
  return {
    kind: form.kind,
    ...(text !== undefined && { text }),
    ...(title !== undefined && { title }),
    ...(source !== undefined && { source }),
    ...(url !== undefined && { url }),
    ...(documentIndex !== undefined && { documentIndex }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(fields && { extras: { from: own, fields } }),
  };
}

/** Undefined for a citation that Anthropic's format cannot say. */
export function encodeCitation(citation: Citation): JsonObject | undefined {
  const fields = citation.extras?.from === own ? citation.extras.fields : undefined;
  const form = forms.find(({ kind }) => kind === citation.kind);
  if (!form) return fields;
  const { text, title, source, url, documentIndex, start, end } = citation;
  const wire: JsonObject = { type: form.type, cited_text: text ?? "", [form.title]: title ?? null };
  if (form.kind === "web") {
    wire["url"] = url ?? source ?? "";
    wire["encrypted_index"] = "";
  } else if (source !== undefined || form.kind === "search-result") wire["source"] = source ?? "";
  if (form.index && documentIndex !== undefined) wire[form.index] = documentIndex;
  if (form.start && start !== undefined) wire[form.start] = start;
  if (form.end && end !== undefined) wire[form.end] = end;
  return { ...wire, ...fields };
}
