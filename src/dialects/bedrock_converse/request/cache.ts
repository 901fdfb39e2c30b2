import type { CachePoint, Extras, Located } from "../../../core/chat.ts";
import type { JsonObject } from "../../../core/json.ts";
import { cachePoint } from "../wire.ts";
import type { Work } from "./work.ts";

/** A place behind which a cache point is wanted. */
export type Marked = { wire: JsonObject; cache?: CachePoint; at?: string };

const most = 4;

/**
 * Decides which cache points of a request are written (mapping B.10): none where the model has none, the last four,
 * and one-hour points only before five-minute ones. `lists` come in the order the cache reads them: tools, system, messages.
 * Returns each list with its cache points written in.
 */
export function writeCachePoints(lists: readonly Marked[][], work: Work): JsonObject[][] {
  // Most requests want none.
  if (!lists.some((list) => list.some((marked) => marked.cache !== undefined)))
    return lists.map((list) => list.map((marked) => marked.wire));
  const kept = work.own ? undefined : new Map<Marked, "5m" | "1h" | undefined>();
  if (kept) decide(lists.flat(), kept, work);
  return lists.map((list) =>
    list.flatMap((marked) => {
      if (!marked.cache) return [marked.wire];
      if (!kept) return [marked.wire, cachePoint(marked.cache.ttl)];
      return kept.has(marked) ? [marked.wire, cachePoint(kept.get(marked))] : [marked.wire];
    }),
  );
}

function decide(all: readonly Marked[], kept: Map<Marked, "5m" | "1h" | undefined>, work: Work): void {
  const wanted = all.filter((marked) => marked.cache !== undefined);
  const over = Math.max(0, wanted.length - most);
  let shortSeen = false;
  for (const [i, marked] of wanted.entries()) {
    if (i < over) {
      loseCache(marked.cache, marked.at, work);
      continue;
    }
    const hour = marked.cache?.ttl === "1h";
    if (hour && (shortSeen || !work.facts.cache1h)) {
      work.losses.approximated(cachePath(marked.cache, marked.at, work), "cache ttl");
      shortSeen = true;
    } else shortSeen ||= !hour;
    kept.set(marked, hour && !shortSeen ? "1h" : undefined);
  }
}

/** Reports a cache point that is not written. */
export function loseCache(cache: CachePoint | undefined, at: string | undefined, work: Work): void {
  if (cache) work.losses.dropped(cachePath(cache, at, work), "cache point");
}

/** Where the caller wrote a mark; `holder` is the block, tool or message that carries it. */
function cachePath(cache: CachePoint | undefined, holder: string | undefined, { request }: Work): string | undefined {
  if (cache?.at !== undefined) return cache.at;
  // A mark on a message whose content is a string.
  const base = holder?.replace(/\.content$/, "");
  return base && `${base}.${request.from === "openai" ? "prompt_cache_breakpoint" : "cache_control"}`;
}

/** A block's or tool's cache point that remembers how the caller spelled it. */
export function located(holder: Extras & Located & { cache?: CachePoint }): CachePoint | undefined {
  const { cache, at, extras } = holder;
  if (!cache || cache.at !== undefined || at === undefined || extras?.fields["cache_control"] === undefined)
    return cache;
  return { ...cache, at: `${at}.cache_control` };
}
