import type { Block, ChatResponse } from "./chat.ts";
import type { ChatEvent } from "./events.ts";

/** The whole answer as a stream of events, one delta a block: the inverse of `collect` (mapping B.9.4, emulated streams). */
export function unfold(response: ChatResponse): ChatEvent[] {
  const events: ChatEvent[] = [
    {
      type: "message-start",
      id: response.id,
      model: response.model,
      ...(response.extras && { extras: response.extras }),
    },
  ];
  for (const [index, block] of response.content.entries()) {
    events.push({ type: "block-start", index, block: emptied(block) }, ...deltas(index, block), {
      type: "block-end",
      index,
    });
  }
  events.push({ type: "message-end", finish: response.finish });
  if (response.usage || response.meta) {
    events.push({
      type: "usage",
      ...(response.usage && { usage: response.usage }),
      ...(response.meta && { meta: response.meta }),
    });
  }
  return events;
}

function emptied(block: Block): Block {
  switch (block.type) {
    case "text": {
      const { citations: _, ...rest } = block;
      return { ...rest, text: "" };
    }
    case "refusal":
      return { ...block, text: "" };
    case "reasoning": {
      const { signature: _, redacted: __, ...rest } = block;
      return { ...rest, text: "" };
    }
    case "tool-call":
      return { ...block, input: "" };
    default:
      return block;
  }
}

function deltas(index: number, block: Block): ChatEvent[] {
  switch (block.type) {
    case "text":
      return [
        ...(block.text === "" ? [] : [{ type: "block-delta", index, text: block.text } as const]),
        ...(block.citations ?? []).map((citation) => ({ type: "block-delta", index, citation }) as const),
      ];
    case "refusal":
      return block.text === "" ? [] : [{ type: "block-delta", index, text: block.text }];
    case "tool-call":
      return block.input === "" ? [] : [{ type: "block-delta", index, input: block.input }];
    case "reasoning":
      return [
        ...(block.text === "" ? [] : [{ type: "block-delta", index, text: block.text } as const]),
        ...(block.redacted === undefined ? [] : [{ type: "block-delta", index, redacted: block.redacted } as const]),
        ...(block.signature === undefined ? [] : [{ type: "block-delta", index, signature: block.signature } as const]),
      ];
    default:
      return [];
  }
}
