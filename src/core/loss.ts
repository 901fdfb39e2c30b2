import type { DialectId } from "./chat.ts";
import type { JsonObject } from "./json.ts";

/** Something the caller wrote that the upstream does not get as written. `path` is the place in the caller's body. */
export type Loss = { path: string; feature: string; action: "dropped" | "approximated" | "clamped" };

/** What the answer's decoder must know about how the request was encoded. */
export type Memo = {
  /** Upstream tool name → the caller's name, for names that had to change (trap T-16). */
  toolNames?: ReadonlyMap<string, string>;
  /** Names (caller's) of custom tools emulated as functions: their input goes back as free text (mapping C.4). */
  customTools?: ReadonlySet<string>;
  /** How structured output was brought about (mapping B.6): "tool" hides the call `json_response`, the others cut the text. */
  json?: "tool" | "prompt" | "object";
  /** Stop strings that the upstream did not get and we apply to the text ourselves (mapping E.3). */
  stop?: readonly string[];
  /** The Titan transcript was rendered by us: a leading label is stripped from the answer (mapping E.6). */
  rendered?: boolean;
  /** The upstream model cannot stream this request (tools, mapping B.9.4): call the plain operation and replay. */
  plainOnly?: boolean;
};

export type Encoded<T> = { value: T; losses: Loss[]; memo?: Memo };

/** The losses as people read them: `stop[1],max_tokens;clamped`. */
export function lossText(losses: readonly Loss[]): string {
  return losses.map((loss) => entry(loss, loss.path)).join(",");
}

/** Node's fetch gives up at 16 KB of headers, proxies earlier: a longer list ends with how many there are beyond it. */
const longestHeader = 4000;

/**
 * The value of `x-amazon-chat-losses` (mapping, "drop"). A caller's own keys stand in the paths: what a header cannot
 * hold, and what would part one entry into two, is percent-encoded.
 */
export function lossHeader(losses: readonly Loss[]): string {
  let text = "";
  for (const [i, loss] of losses.entries()) {
    const next = entry(loss, headerSafe(loss.path));
    if (text.length + next.length >= longestHeader) return `${text}${text === "" ? "" : ","}+${losses.length - i} more`;
    text += text === "" ? next : `,${next}`;
  }
  return text;
}

function entry({ action }: Loss, path: string): string {
  return action === "dropped" ? path : `${path};${action}`;
}

function headerSafe(path: string): string {
  return /[^\x20-\x7e]|[,;%]/.test(path)
    ? path.toWellFormed().replace(/[^\x20-\x7e]|[,;%]/gu, encodeURIComponent)
    : path;
}

/** A list that encoders write losses to. */
export class LossList {
  readonly items: Loss[] = [];
  readonly target: DialectId;
  constructor(target: DialectId) {
    this.target = target;
  }
  dropped(path: string | undefined, feature: string): void {
    if (path) this.items.push({ path, feature, action: "dropped" });
  }
  approximated(path: string | undefined, feature: string): void {
    if (path) this.items.push({ path, feature, action: "approximated" });
  }
  clamped(path: string | undefined, feature: string): void {
    if (path) this.items.push({ path, feature, action: "clamped" });
  }
}

/**
 * Sorts losses by where their path appears in the caller's body (mapping 0). Equal paths are listed once, and a whole lost
 * object is one entry: what lies in it is not listed beside it.
 */
export function inBodyOrder(body: JsonObject, losses: readonly Loss[]): Loss[] {
  const seen = new Set<string>();
  const places: Places = new Map();
  const gone = new Set(losses.filter((loss) => loss.action === "dropped").map((loss) => loss.path));
  const keyed = losses
    .filter((loss) => {
      const key = `${loss.path} ${loss.action}`;
      return seen.has(key) || isInside(loss.path, gone) ? false : (seen.add(key), true);
    })
    .map((loss, order) => ({ loss, order, rank: rank(body, loss.path, places) }));
  return keyed.sort((a, b) => compare(a.rank, b.rank) || a.order - b.order).map(({ loss }) => loss);
}

/** True where the path leads into one of these. */
function isInside(path: string, gone: ReadonlySet<string>): boolean {
  for (const step of path.matchAll(/[.[]/g)) if (gone.has(path.slice(0, step.index))) return true;
  return false;
}

/** The place of each key of the objects on the way, made once: thousands of losses may lie in one object. */
type Places = Map<object, ReadonlyMap<string, number>>;

function placesIn(node: object, places: Places): ReadonlyMap<string, number> {
  let found = places.get(node);
  if (found === undefined) places.set(node, (found = new Map(Object.keys(node).map((key, at) => [key, at]))));
  return found;
}

/** The position of each step of a path among its siblings. A step that is not there sorts last. */
function rank(body: JsonObject, path: string, places: Places): number[] {
  const ranks: number[] = [];
  let node: unknown = body;
  for (const step of path.split(/[.[\]]+/).filter(Boolean)) {
    if (Array.isArray(node)) {
      ranks.push(Number(step));
      node = node[Number(step)];
    } else if (typeof node === "object" && node !== null) {
      const keys = placesIn(node, places);
      ranks.push(keys.get(step) ?? keys.get(step.slice(0, Math.max(0, step.indexOf(">")))) ?? keys.size);
      node = (node as JsonObject)[step];
    } else ranks.push(0);
  }
  return ranks;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
