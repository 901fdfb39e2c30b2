import type { CachePoint } from "../../core/chat.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { oneOf, read } from "./check.ts";

/** The two spellings of a cache point: OpenAI's own, and Claude's as other gateways' clients send it (mapping B.10). */
export const cacheKeys = ["prompt_cache_breakpoint", "cache_control"] as const;

/**
 * The cache point of a part, message, tool or call; undefined when there is none. `inherited` is the ttl of
 * `prompt_cache_options`. Only 5m and 1h exist in the hub: OpenAI's 30m and 12h are the longer one (mapping B.10).
 */
export function decodeCache(from: JsonObject, path: string, inherited?: string): CachePoint | undefined {
  const breakpoint = read.object(from["prompt_cache_breakpoint"], `${path}.prompt_cache_breakpoint`);
  if (breakpoint) {
    oneOf(breakpoint["mode"], `${path}.prompt_cache_breakpoint.mode`, ["explicit"]);
    const at = `${path}.prompt_cache_breakpoint`;
    return point(at, read.string(breakpoint["ttl"], `${at}.ttl`) ?? inherited);
  }
  const control = read.object(from["cache_control"], `${path}.cache_control`);
  if (!control) return undefined;
  oneOf(control["type"], `${path}.cache_control.type`, ["ephemeral"]);
  const at = `${path}.cache_control`;
  return point(at, read.string(control["ttl"], `${at}.ttl`));
}

function point(at: string, ttl: string | undefined): CachePoint {
  return ttl === "30m" || ttl === "12h" || ttl === "1h" ? { at, ttl: "1h" } : { at };
}

/** The ttl that breakpoints without one inherit. */
export function inheritedTtl(options: Json | undefined): string | undefined {
  return read.string(read.object(options, "prompt_cache_options")?.["ttl"] ?? undefined, "prompt_cache_options.ttl");
}

/** Where the caller wrote a node's cache point; Claude's spelling where nobody says. */
export function cachePath({ cache, at }: { cache?: CachePoint; at?: string }): string | undefined {
  return cache?.at ?? (at === undefined ? undefined : `${at}.cache_control`);
}
