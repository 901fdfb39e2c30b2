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
    return point(read.string(breakpoint["ttl"], `${path}.prompt_cache_breakpoint.ttl`) ?? inherited);
  }
  const control = read.object(from["cache_control"], `${path}.cache_control`);
  if (!control) return undefined;
  oneOf(control["type"], `${path}.cache_control.type`, ["ephemeral"]);
  return point(read.string(control["ttl"], `${path}.cache_control.ttl`));
}

function point(ttl: string | undefined): CachePoint {
  return ttl === "30m" || ttl === "12h" || ttl === "1h" ? { ttl: "1h" } : {};
}

/** The ttl that breakpoints without one inherit. */
export function inheritedTtl(options: Json | undefined): string | undefined {
  return read.string(read.object(options, "prompt_cache_options")?.["ttl"] ?? undefined, "prompt_cache_options.ttl");
}
