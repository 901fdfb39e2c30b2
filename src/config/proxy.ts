import { environment, type Environment } from "./environment.ts";

/** Whether `fetch` goes through a proxy for a URL; which one the runtime reads for itself. */
export function goesThroughProxy(url: string, env: Environment = environment()): boolean {
  const { protocol, hostname } = new URL(url);
  const names = protocol === "http:" ? ["http_proxy", "HTTP_PROXY"] : ["https_proxy", "HTTPS_PROXY"];
  if (!names.some((name) => env[name])) return false;
  const exempt = (env["no_proxy"] ?? env["NO_PROXY"] ?? "").split(",").map((one) => one.trim().replace(/^\*?\./, ""));
  return !exempt.some((one) => one === "*" || (one !== "" && (hostname === one || hostname.endsWith(`.${one}`))));
}
