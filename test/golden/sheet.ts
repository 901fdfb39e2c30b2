/** One case as a page that a reviewer reads: the request, then what goes to each model and what it costs. */
import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../src/core/json.ts";
import { lossHeader } from "../../src/core/loss.ts";
import { through, type Outcome } from "../laws/through.ts";
import { type GoldenCase, models } from "./cases.ts";

type Sent = Extract<Outcome, { refused: false }>;
type Shown = { model: string; outcome: Outcome };

export async function sheet({ name, mapping, about, body }: GoldenCase): Promise<string> {
  const shown: Shown[] = [];
  const parts: string[] = [];
  for (const model of models) {
    const outcome = await through({ ...body, model });
    parts.push(section(model, outcome, shown, body));
    shown.push({ model, outcome });
  }
  const head = `# ${name}\n\n${about} Mapping ${mapping}.\n\n`;
  return `${head}${block(body)}\n${parts.join("\n")}`;
}

function section(model: string, outcome: Outcome, shown: readonly Shown[], body: JsonObject): string {
  if (outcome.refused) {
    const at = outcome.param === null ? "" : ` at \`${outcome.param}\``;
    return `## ${model}: ${outcome.status}${at}\n\n${quoted(outcome.message)}\n`;
  }
  const { to, verbatim, losses, headers } = outcome;
  const beside = besides(headers);
  const lost = losses.length === 0 ? "" : `Losses: \`${lossHeader(losses)}\`\n\n`;
  const carried = beside === undefined ? "" : `Headers:\n\n${block(beside)}\n`;
  return `## ${model}: ${to}${verbatim ? ", verbatim" : ""}\n\n${lost}${carried}${written(outcome, shown, body)}`;
}

/** The body in full, or what distinguishes it from the most similar one that stands on the page already. */
function written(outcome: Sent, shown: readonly Shown[], body: JsonObject): string {
  const { model: _, ...rest } = outcome.body;
  if (isDeepStrictEqual(rest, body)) return "The request as it came.\n";
  const similar = shown
    .flatMap(({ model, outcome: other }) =>
      other.refused || other.to !== outcome.to ? [] : [{ model, changed: difference(outcome.body, other.body) }],
    )
    .sort((a, b) => inline(a.changed).length - inline(b.changed).length);
  const closest = similar[0];
  if (closest === undefined) return block(outcome.body);
  if (Object.keys(closest.changed).length === 0) return `As for ${closest.model}.\n`;
  return `As for ${closest.model}, but:\n\n${block(closest.changed)}`;
}

/** The top-level members that differ; `null` stands for one that is not there. */
function difference(body: JsonObject, other: JsonObject): JsonObject {
  const keys = [...new Set([...Object.keys(body), ...Object.keys(other)])];
  return Object.fromEntries(
    keys.filter((key) => !isDeepStrictEqual(body[key], other[key])).map((key) => [key, body[key] ?? null]),
  );
}

/** Headers that the caller's words became; those of the transport are the same for every request. */
function besides(headers: JsonObject): JsonObject | undefined {
  const own = Object.entries(headers).filter(([name]) => /^x-amzn-bedrock-(?!accept)/.test(name));
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

function block(value: JsonObject): string {
  return `\`\`\`json\n${json(value, "")}\n\`\`\`\n`;
}

const quoted = (text: string): string => text.replaceAll(/^/gm, "> ");

/** JSON as the formatter writes it: on one line what fits on one, but for lists of objects. */
function json(value: unknown, indent: string, before = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const line = inline(value);
  if (!isSpread(value) && indent.length + before + line.length <= width) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + json(item, inner, 1)).join(",\n")}\n${indent}]`;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${inner}${name}${json(item, inner, name.length + 1)}`;
  });
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

const width = 120;

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A list of more than one object of more than one member, at any depth. */
function isSpread(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const inside = Object.values(value);
  const list =
    Array.isArray(value) && inside.length > 1 && inside.every((one) => isObject(one) && Object.keys(one).length > 1);
  return list || inside.some(isSpread);
}
