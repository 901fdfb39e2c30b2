/** What the fuzzer starts from: the fixtures, and the recordings where this machine has them, changed in a place or two. */
import fc from "fast-check";
import type { DialectId } from "../../src/core/chat.ts";
import type { Frame } from "../../src/core/events.ts";
import { isObject, type Json, type JsonObject } from "../../src/core/json.ts";
import { awsDecoder } from "../../src/framing/aws.ts";
import { sseDecoder } from "../../src/framing/sse.ts";
import { requestsOf, responsesOf, streamsOf } from "../dialects/fixtures.ts";
import { type Folder, readRecordings, type Recording, trafficDirectory } from "../traffic/recordings.ts";
import { runAll } from "../dialects/stages.ts";

/** Recordings larger than this many bytes are left out: they cost time and say nothing new. */
const largest = 12_000;

const recordedIn: Record<DialectId, readonly Folder[]> = {
  openai: ["openai/chat.completions"],
  bedrock_claude: ["bedrock/InvokeModel", "bedrock/InvokeModelWithResponseStream"],
  bedrock_titan: ["bedrock/InvokeModel", "bedrock/InvokeModelWithResponseStream"],
  bedrock_converse: ["bedrock/Converse", "bedrock/ConverseStream"],
};

export type Material = { requests: JsonObject[]; responses: JsonObject[]; streams: Frame[][] };

export function materialOf(id: DialectId): Material {
  const directory = trafficDirectory();
  const all =
    directory === undefined ? [] : (recordedIn[id] ?? []).flatMap((folder) => readRecordings(directory, folder));
  const small = all.filter((each) => isOf(id, each) && each.response.bytes.length < largest);
  return {
    requests: [
      ...requestsOf(id).map(({ body }) => body),
      ...small.map((each): unknown => each.request.body).filter(isSmall),
    ],
    responses: [
      ...responsesOf(id).map(({ body }) => body),
      ...small.filter(({ response }) => !response.streamed).flatMap(({ response }) => objectIn(response.bytes)),
    ],
    streams: [...streamsOf(id).map(({ body }) => body), ...small.flatMap((each) => framesIn(id, each))],
  };
}

function isOf(id: DialectId, { request }: Recording): boolean {
  if (!isObject(request.body)) return false;
  if (id === "bedrock_claude") return "anthropic_version" in request.body;
  return id === "bedrock_titan" ? "inputText" in request.body : true;
}

function isSmall(body: unknown): body is JsonObject {
  return isObject(body) && JSON.stringify(body).length < largest;
}

function objectIn(bytes: Uint8Array): JsonObject[] {
  try {
    const value: Json = JSON.parse(new TextDecoder().decode(bytes));
    return isObject(value) ? [value] : [];
  } catch {
    return [];
  }
}

function framesIn(id: DialectId, { response }: Recording): Frame[][] {
  if (!response.streamed || response.status !== 200) return [];
  try {
    return [runAll(id === "openai" ? sseDecoder() : awsDecoder(), [response.bytes])];
  } catch {
    return [];
  }
}

const texts = ["", " ", "x", "\ud800", "__proto__", "constructor", "data:;base64,", "data:image/png;base64,AA==", "{}"];
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1e308, -0, 2 ** 53, 0.5, [], {}, [null], [[]], [{}], { type: null }),
  fc.constantFrom<Json>(...texts),
  fc.constantFrom<Json>({ toString: 1 }, { length: 3 }, JSON.parse('{"__proto__":{"polluted":1}}')),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.jsonValue({ maxDepth: 3 }).map((value): Json => JSON.parse(JSON.stringify(value))),
);

/** A value of the same shape with up to four places in it replaced, taken out, doubled or renamed. */
export function mutated(body: Json): fc.Arbitrary<Json> {
  const places = paths(body);
  if (places.length === 0) return odd;
  const change = fc.tuple(
    fc.constantFrom(...places),
    odd,
    fc.constantFrom("put", "put", "drop", "rename", "double", "swap"),
    fc.constantFrom(...places),
  );
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = structuredClone(body);
    for (const [path, value, how, other] of changes) {
      const parent = nodeAt(copy, path.slice(0, -1));
      const key = path.at(-1) ?? "";
      if (how === "drop") drop(parent, key);
      else if (how === "double") double(parent, key);
      else if (how === "rename")
        put(parent, typeof value === "string" ? value : "type", structuredClone(nodeAt(copy, path) ?? null));
      else put(parent, key, structuredClone(how === "swap" ? (nodeAt(copy, other) ?? null) : value));
    }
    return copy;
  });
}

function paths(node: Json, prefix: string[] = []): string[][] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [[...prefix, key], ...paths(value, [...prefix, key])]);
}

function nodeAt(root: Json, path: readonly string[]): Json | undefined {
  let node: Json | undefined = root;
  for (const key of path) {
    if (Array.isArray(node)) node = node[Number(key)];
    else if (isObject(node) && Object.hasOwn(node, key)) node = node[key];
    else return undefined;
  }
  return node;
}

function put(parent: Json | undefined, key: string, value: Json): void {
  if (Array.isArray(parent)) parent[Math.min(Number(key) || 0, parent.length)] = value;
  else if (isObject(parent))
    Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function drop(parent: Json | undefined, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (isObject(parent)) delete parent[key];
}

function double(parent: Json | undefined, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(parent[Number(key)] ?? null));
}

/** JSON objects out of thin air, with keys of `words`. */
export function anyObject(words: readonly string[]): fc.Arbitrary<JsonObject> {
  const word = fc.constantFrom(...words);
  const { json } = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      odd,
      word,
      fc.array(tie("json"), { maxLength: 4 }),
      fc.array(fc.tuple(word, tie("json")), { maxLength: 5 }).map(objectOf),
    ),
  }));
  return fc.array(fc.tuple(word, json), { maxLength: 6 }).map(objectOf);
}

/** As JSON.parse would make it: `__proto__` is a key like any other. */
function objectOf(entries: [string, Json][]): JsonObject {
  const object: JsonObject = {};
  for (const [key, value] of entries) put(object, key, structuredClone(value));
  return object;
}

/** Every key and every short text of some bodies: the vocabulary of a dialect. */
export function wordsOf(bodies: readonly Json[]): string[] {
  const words = new Set<string>(["__proto__", "constructor"]);
  const walk = (node: Json): void => {
    if (typeof node === "string" && node.length < 24) words.add(node);
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (!Array.isArray(node)) words.add(key);
      walk(value);
    }
  };
  bodies.forEach(walk);
  return [...words];
}

/** `bytes` with a few of them changed, taken out or doubled. */
export function spoiled(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(
    fc.nat(Math.max(0, bytes.length - 1)),
    fc.nat(255),
    fc.constantFrom("put", "cut", "double", "end"),
  );
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    let out = Buffer.from(bytes);
    for (const [at, value, how] of changes) {
      const place = Math.min(at, out.length);
      if (how === "put") out.fill(value, place, Math.min(place + 1, out.length));
      else if (how === "cut") out = Buffer.concat([out.subarray(0, place), out.subarray(place + 1 + (value % 9))]);
      else if (how === "double")
        out = Buffer.concat([out.subarray(0, place), out.subarray(Math.max(0, place - value))]);
      else out = out.subarray(0, Math.max(place, out.length - value));
    }
    return new Uint8Array(out);
  });
}

/** `bytes` as a network may bring them. */
export function split(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = Math.max(1, sizes[n % Math.max(1, sizes.length)] ?? bytes.length);
    out.push(bytes.subarray(at, at + size));
    at += size;
  }
  return out;
}
