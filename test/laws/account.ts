/**
 * The accounting law for one body: every leaf is found upstream or named in a loss, or the request was refused in words.
 * Texts are followed by marks of their own, trees (schemas, tool input) and bytes by equality, and every other leaf by
 * taking it away: where nothing changes upstream and no loss goes, nobody has read it.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";
import type { Loss } from "../../src/core/loss.ts";
import { parseTranscript } from "../../src/dialects/bedrock_titan/transcript.ts";
import { leaves } from "./leaves.ts";
import { parsedObject, tagged } from "./tags.ts";
import { fetched, type Outcome } from "./through.ts";
import { meansNothing, type Road } from "./without-meaning.ts";

type Sent = Extract<Outcome, { refused: false }>;
type Look = (body: JsonObject) => Outcome | Promise<Outcome>;
type Leaf = { path: string; value: string | number | boolean };

/** The leaves that vanished without a word, as `path (what was looked for)`. Empty: the body is accounted for. */
export async function silentLosses(body: JsonObject, look: Look, shortToolIds = false): Promise<string[]> {
  const plain = await look(body);
  if (plain.refused) return plain.status >= 400 && plain.status < 500 && plain.message !== "" ? [] : ["an odd refusal"];
  const road: Road = { from: plain.from, to: plain.to, stream: plain.stream, shortToolIds, body };
  const marked = tagged(body);
  const markedOutcome = await look(marked.body);
  if (markedOutcome.refused) return [`(the marks changed the request: ${markedOutcome.message})`];

  const silent: string[] = [];
  const text = JSON.stringify([markedOutcome.body, markedOutcome.headers]);
  const followed = new Set<string>();
  for (const [tag, paths] of marked.tags) {
    for (const path of paths) followed.add(path);
    if (text.includes(tag)) continue;
    for (const path of paths) {
      if (!covered(path, markedOutcome.losses) && !meansNothing(path, "text", road)) silent.push(`${path} (its words)`);
    }
  }
  const sent = new SentValues(plain);
  for (const leaf of leaves(body)) {
    if (covered(leaf.path, plain.losses) || meansNothing(leaf.path, leaf.value, road)) continue;
    const fault = await faultOf(leaf, body, plain, sent, followed.has(leaf.path), look);
    if (fault !== undefined) silent.push(`${leaf.path} (${fault})`);
  }
  return silent;
}

async function faultOf(
  leaf: Leaf,
  body: JsonObject,
  plain: Sent,
  sent: SentValues,
  followed: boolean,
  look: Look,
): Promise<string | undefined> {
  if (plain.verbatim) return arrivedVerbatim(leaf, body, plain, sent) ? undefined : "itself";
  if (followed) return undefined;
  const tree = treeOf(leaf.path, body);
  if (tree) return sent.hasTree(tree.root, tree.rest, leaf.value) ? undefined : "its tree";
  if (typeof leaf.value === "string" && isBytes(leaf.path)) return sent.hasBytes(leaf.value) ? undefined : "its bytes";
  if (leaf.path === "inputText") return sent.hasTurns(String(leaf.value)) ? undefined : "its turns";
  if (typeof leaf.value === "number" && !sent.hasNumber(leaf.value)) return "its number";
  const without = await look(changed(body, leaf.path));
  return isDeepStrictEqual(without, plain) ? "nothing changes without it" : undefined;
}

/** On a verbatim edge only a media URL may have changed, into its bytes, and our extensions travel as headers. */
function arrivedVerbatim({ path, value }: Leaf, body: JsonObject, plain: Sent, sent: SentValues): boolean {
  if (isDeepStrictEqual(valueAt(plain.body, path), value)) return true;
  if (/^(?:guardrail_config|performance_config|request_metadata)\./.test(path)) return sent.hasText(String(value));
  const url = valueAt(body, path.replace(/\.type$/, ".url"));
  return typeof url === "string" && /\.source\.(?:url|type)$/.test(path) && sent.hasBytes(url);
}

/** A loss accounts for its path and everything in it; `temperature>1` names a value. */
export function covered(path: string, losses: readonly Loss[]): boolean {
  return losses.some((loss) => {
    const lost = loss.path.replace(/[<>].*/, "");
    return path === lost || path.startsWith(`${lost}.`) || path.startsWith(`${lost}[`);
  });
}

const isBytes = (path: string): boolean =>
  /\.(?:image_url|url|data|file_data|bytes|redactedContent|signature)$/.test(path);

const treeKeys = /^(.*?(?:\.parameters|\.input_schema|\.schema|\.json|\.input|\.arguments))(?:[.[]|$)/;

/** The schema or tool input that a path lies in, as a value, and the way from there. */
function treeOf(path: string, body: JsonObject): { root: Json; rest: string } | undefined {
  const at = treeKeys.exec(path)?.[1];
  if (at === undefined) return undefined;
  const found = valueAt(body, at);
  const root = typeof found === "string" ? parsedObject(found) : found;
  return isObject(root) ? { root, rest: path.slice(at.length) } : undefined;
}

/** Everything an upstream body says, also inside JSON text. */
class SentValues {
  readonly #objects = new Set<string>();
  readonly #texts: string[] = [];
  readonly #numbers = new Set<number>();
  /** Every leaf under each of its path's ends, with its value. */
  readonly #ends = new Set<string>();

  constructor({ body, headers }: Sent) {
    this.#add([body, headers], "");
  }

  #add(node: Json, path: string): void {
    if (Array.isArray(node)) for (const [i, item] of node.entries()) this.#add(item, `${path}[${i}]`);
    else if (isObject(node)) {
      this.#objects.add(canonical(node));
      for (const [key, value] of Object.entries(node)) this.#add(value, `${path}.${key}`);
    } else {
      for (const match of path.matchAll(/[.[]/g)) this.#ends.add(`${path.slice(match.index)}=${JSON.stringify(node)}`);
      if (typeof node === "number") this.#numbers.add(node);
      if (typeof node === "string") {
        this.#texts.push(node);
        for (const line of [node, ...node.split("\n")]) {
          const parsed = parsedObject(line);
          if (parsed) this.#add(parsed, "");
        }
      }
    }
  }

  /** The whole tree; or, where keywords of it were losses, this leaf of it. */
  hasTree(root: Json, rest: string, value: Json): boolean {
    if (isObject(root) && this.#objects.has(canonical(root))) return true;
    return rest !== "" && this.#ends.has(`${rest}=${JSON.stringify(value)}`);
  }

  hasNumber(value: number): boolean {
    return this.#numbers.has(value);
  }

  /** Headers of AWS say some words in capitals. */
  hasText(value: string): boolean {
    return this.#texts.some((text) => text.toLowerCase() === value.toLowerCase());
  }

  hasBytes(value: string): boolean {
    const data = /^data:[^,]*,(.*)$/s.exec(value)?.[1] ?? value;
    const wanted = [value, data, fetched(value, false), fetched(value, true)].map(bare);
    const words = Buffer.from(data, "base64").toString("utf8");
    return this.#texts.some((text) => {
      const own = bare(/^data:[^,]*,(.*)$/s.exec(text)?.[1] ?? text);
      return wanted.includes(own) || (words.length > 3 && text.includes(words));
    });
  }

  hasTurns(value: string): boolean {
    return parseTranscript(value).every((turn) => this.#texts.some((text) => text.includes(turn.text.trim())));
  }
}

const bare = (base64: string): string => base64.replace(/\s/g, "");

function canonical(node: Json): string {
  if (Array.isArray(node)) return `[${node.map(canonical).join()}]`;
  if (!isObject(node)) return JSON.stringify(node);
  const keys = Object.keys(node).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(node[key] ?? null)}`).join()}}`;
}

const steps = (path: string): string[] => path.split(/[.[\]]+/).filter(Boolean);

function valueAt(body: Json, path: string): Json | undefined {
  let node: Json | undefined = body;
  for (const step of steps(path)) {
    if (Array.isArray(node)) node = node[Number(step)];
    else node = isObject(node) ? node[step] : undefined;
  }
  return node;
}

/** The body without one leaf; with the other role, where the leaf is a role. */
function changed(body: JsonObject, path: string): JsonObject {
  const copy = structuredClone(body);
  const way = steps(path);
  const last = way.pop() ?? "";
  const parent = way.length === 0 ? copy : valueAt(copy, way.join("."));
  if (last === "role" && isObject(parent)) parent[last] = parent[last] === "user" ? "assistant" : "user";
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
  return copy;
}
