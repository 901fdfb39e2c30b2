import type { Block, ChatRequest, MediaKind } from "../core/chat.ts";
import type { GatewayError } from "../core/error.ts";
import { nested } from "../core/nested.ts";

/** "This model doesn't support the image content block that you provided." */
const refusal =
  /doesn.t support the (image|document|video|audio) content block|does(?:n.t| not) support (image|document)s?/i;

/** A refusal of media names the block: the first of its kind (mapping B.12). `place` finds it in the caller's request. */
export function nameMedia(
  error: GatewayError,
  place: ((kind: MediaKind) => string | undefined) | undefined,
): GatewayError {
  if (!place || error.upstreamStatus !== 400 || error.param !== null) return error;
  const found = refusal.exec(error.message);
  const kind = (found?.[1] ?? found?.[2])?.toLowerCase() as MediaKind | undefined;
  const param = kind && place(kind);
  return param === undefined ? error : error.with({ param, code: "unsupported_value" });
}

/** Where the caller wrote the first media of a kind; undefined when he wrote none. */
export function mediaPlace(request: ChatRequest, kind: MediaKind): string | undefined {
  const within = (blocks: readonly Block[]): string | undefined => {
    for (const block of blocks) {
      const found = block.type === "media" && block.kind === kind ? block.at : within(nested(block));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const message of request.messages) {
    const found = within(message.content);
    if (found !== undefined) return found;
  }
  return undefined;
}
