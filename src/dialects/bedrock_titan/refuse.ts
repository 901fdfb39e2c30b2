import type { Block, ChatRequest } from "../../core/chat.ts";
import { GatewayError } from "../../core/error.ts";

/** Throws 400 for what a Titan model cannot do and what must not be dropped (mapping E.3). Names the first place. */
export function refuseUnsupported(request: ChatRequest): void {
  // With choice `none` the tools stay away: no history of them either, the blocks below see to that (mapping 0.13).
  if (request.tools?.length && request.toolChoice?.mode !== "none")
    throw unsupported(request.tools[0]?.at ?? request.paths.tools ?? "tools", "tools");
  if (request.responseFormat?.type === "json_schema")
    throw unsupported(request.paths.responseFormat ?? "response_format", "structured output with a JSON schema");
  for (const message of request.messages) {
    for (const block of message.content) {
      const feature = unsupportedContent(block);
      if (feature) throw unsupported(block.at ?? message.at ?? "messages", feature);
    }
  }
}

function unsupportedContent(block: Block): string | undefined {
  switch (block.type) {
    case "text":
    case "refusal":
    case "reasoning":
      return undefined;
    case "tool-call":
    case "tool-result":
      return "tools";
    case "media":
      return block.kind === "audio" || block.kind === "video" ? block.kind : `${block.kind}s`;
    case "search-result":
      return "search results";
    case "opaque":
      return "this content";
    default:
      return block satisfies never;
  }
}

function unsupported(path: string, feature: string): GatewayError {
  return GatewayError.unsupported(path, `This model does not support ${feature}.`, "unsupported_value");
}
