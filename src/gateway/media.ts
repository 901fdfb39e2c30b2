import type { Block, ChatRequest, MediaKind } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import { nested, withNested } from "../core/nested.ts";

/**
 * Fetches one media URL through the guard (mapping B.7). Returns the bytes as base64 and their sniffed type.
 * Throws an Error whose message is the reason a person can act on.
 */
export type FetchMedia = (
  url: string,
  kind: MediaKind,
  signal: AbortSignal,
) => Promise<{ data: string; mediaType: string }>;

type MediaOptions = { fetch: FetchMedia | undefined; max: number; signal: AbortSignal; only?: MediaKind };
type Job = { block: Extract<Block, { type: "media" }>; url: string };

/**
 * The request with every media URL (`only`: of one kind) replaced by its bytes, for upstreams that take bytes only.
 * Throws 400 `invalid_image_url` that names the URL's field.
 */
export function inlineMedia(request: ChatRequest, options: MediaOptions): ChatRequest | Promise<ChatRequest> {
  const jobs: Job[] = [];
  for (const message of request.messages) collectUrls(message.content, options.only, jobs);
  return jobs.length === 0 ? request : fetched(request, jobs, options);
}

async function fetched(request: ChatRequest, jobs: readonly Job[], options: MediaOptions): Promise<ChatRequest> {
  if (jobs.length > options.max) {
    throw GatewayError.invalid(
      "messages",
      `The request refers to ${jobs.length} media URLs; this server fetches at most ${options.max}. Send the data inline.`,
    );
  }
  const found = new Map<Block, Block>();
  await Promise.all(
    jobs.map(async ({ block, url }) => {
      const param = `${block.at ?? "messages"}${urlField(block, request.from)}`;
      if (!options.fetch)
        throw failed(
          block.kind,
          param,
          url,
          "fetching media by URL is switched off on this server; send the data inline",
        );
      let got: { data: string; mediaType: string };
      try {
        got = await options.fetch(url, block.kind, options.signal);
      } catch (cause) {
        throw failed(block.kind, param, url, cause instanceof Error ? cause.message : "it could not be read", cause);
      }
      found.set(block, { ...block, mediaType: got.mediaType, source: { kind: "base64", data: got.data } });
    }),
  );
  return {
    ...request,
    messages: request.messages.map((message) => ({ ...message, content: replace(message.content, found) })),
  };
}

function collectUrls(blocks: readonly Block[], only: MediaKind | undefined, jobs: Job[]): void {
  for (const block of blocks) {
    if (block.type === "media" && block.source.kind === "url" && (!only || block.kind === only))
      jobs.push({ block, url: block.source.url });
    else collectUrls(nested(block), only, jobs);
  }
}

function replace(blocks: readonly Block[], found: ReadonlyMap<Block, Block>): Block[] {
  return blocks.map((block) => {
    const hit = found.get(block);
    if (hit) return hit;
    const inner = nested(block);
    return inner.length > 0 ? withNested(block, replace(inner, found)) : block;
  });
}

function urlField(block: Extract<Block, { type: "media" }>, from: string): string {
  if (from === "bedrock_claude") return ".source.url";
  if (block.at?.includes("source") || block.at?.includes("url")) return "";
  if (typeof block.extras?.fields["image_url"] === "string") return ".image_url";
  return block.kind === "image" ? ".image_url.url" : ".video_url.url";
}

function failed(kind: MediaKind, param: string, url: string, reason: string, cause?: unknown): GatewayError {
  const shown = url.length > 300 ? `${url.slice(0, 300)}…` : url;
  return new GatewayError({
    kind: "invalid_request",
    code: "invalid_image_url",
    param,
    cause,
    message: `Failed to download ${kind} from ${shown}: ${reason}`,
  });
}
