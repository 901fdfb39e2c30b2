import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { MediaKind } from "../../core/chat.ts";
import { isAnyBytes, mediaTypeOfName } from "../../core/media-names.ts";
import { mediaTypeOf } from "../../core/media-type.ts";
import { type Checked, checkUrl, type GuardSettings } from "./guard.ts";

export type MediaSettings = {
  allowHttp: boolean;
  /** Bytes of one file, per kind. */
  maxBytes: Record<MediaKind, number>;
  /** ms for one URL, redirects included. */
  timeoutMs: number;
  resolve?: GuardSettings["resolve"];
  /** Opens a checked URL; replaced in tests. */
  open?: (checked: Checked, signal: AbortSignal) => Promise<Response>;
};

export const mediaDefaults: MediaSettings = {
  allowHttp: false,
  maxBytes: { image: 5_000_000, document: 5_000_000, audio: 25_000_000, video: 25_000_000 },
  timeoutMs: 10_000,
};

const maxHops = 3;

/**
 * Fetches media by URL behind the guard: every hop is checked anew, the connection goes to the checked address, size and
 * time are bounded, the type is sniffed. Gives base64 and MIME type; throws an Error whose message is for the caller.
 */
export function mediaFetcher(settings: MediaSettings) {
  const guard: GuardSettings = { allowHttp: settings.allowHttp, resolve: settings.resolve ?? systemResolve };
  const open = settings.open ?? openChecked;
  return async (text: string, kind: MediaKind, signal: AbortSignal): Promise<{ data: string; mediaType: string }> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]);
    let target = text;
    for (let hop = 0; hop <= maxHops; hop++) {
      const checked = await checkUrl(target, guard);
      const response = await reach(open, checked, limit);
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null) {
        void response.body?.cancel().catch(() => undefined);
        target = new URL(location, checked.url).href;
        continue;
      }
      if (response.status !== 200) {
        void response.body?.cancel().catch(() => undefined);
        throw new Error(`the server answered with status ${response.status}`);
      }
      const bytes = await bounded(response, settings.maxBytes[kind], limit);
      const declared = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
      return {
        data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
        mediaType: mediaTypeOf(bytes) ?? labelled(declared, checked.url),
      };
    }
    throw new Error(`it redirects more than ${maxHops} times`);
  };
}

/** What the server says it is; stores that say nothing of their objects are asked by the object's name. */
function labelled(declared: string, url: URL): string {
  return isAnyBytes(declared) ? (mediaTypeOfName(url.pathname) ?? declared) : declared;
}

async function systemResolve(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map((entry) => entry.address);
}

async function reach(
  open: (checked: Checked, signal: AbortSignal) => Promise<Response>,
  checked: Checked,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await open(checked, signal);
  } catch (cause) {
    throw new Error(signal.aborted ? "it took too long" : "the server could not be reached", { cause });
  }
}

/** Connects to the address that was checked, under the name that was asked for: DNS cannot be rebound in between. */
export function openChecked({ url, address }: Checked, signal: AbortSignal): Promise<Response> {
  const direct = new URL(url);
  direct.hostname = isIPv6(address) ? `[${address}]` : address;
  return fetch(direct, {
    headers: { host: url.host, "user-agent": "amazon-chat", accept: "*/*" },
    redirect: "manual",
    signal,
    ...(url.protocol === "https:" && { tls: { serverName: url.hostname.replace(/^\[|\]$/g, "") } }),
  });
}

async function bounded(response: Response, max: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > max) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new Error(signal.aborted ? "it took too long" : "the connection broke off", { cause });
  }
  if (size > max) throw new Error(`it is larger than ${max} bytes`);
  return Buffer.concat(chunks, size);
}
