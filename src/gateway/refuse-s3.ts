import type { Block, ChatRequest } from "../core/chat.ts";
import { GatewayError } from "../core/error.ts";
import { nested } from "../core/nested.ts";

/**
 * The gateway's own identity would read the object: a confused deputy unless the operator allows it (mapping B.7).
 * Throws 400 for an S3 location at any depth.
 */
export function refuseS3(request: ChatRequest): void {
  for (const message of request.messages) refuse(message.content);
}

function refuse(blocks: readonly Block[]): void {
  for (const block of blocks) {
    if (block.type === "media" && block.source.kind === "s3") {
      throw GatewayError.invalid(
        block.at ?? null,
        "S3 locations are switched off on this server (ALLOW_S3_MEDIA). Send the data inline.",
        "invalid_image_url",
      );
    }
    refuse(nested(block));
  }
}
